import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { queries } from "./queries";

/**
 * Something one does, with whether it is being done and what went wrong: `const create = useAct(createSpace)`, then
 * `create.mutateAsync(…)`, `create.isPending`, `create.error` (ProblemError or Unreachable), `create.reset()`.
 */
export function useAct<Done, Asked = void>(
  act: (asked: Asked) => Promise<Done>,
): UseMutationResult<Done, Error, Asked> {
  return useMutation<Done, Error, Asked>({ mutationFn: act }, queries);
}
