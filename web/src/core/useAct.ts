import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { queries } from "./queries";
import { inAdministration } from "./session/administration";

/**
 * Something one does, with whether it is being done and what went wrong: `const create = useAct(createSpace)`, then
 * `create.mutateAsync(…)`, `create.isPending`, `create.error` (ProblemError or Unreachable), `create.reset()`.
 * What is only done in administration asks to enter it, and is then done.
 */
export function useAct<Done, Asked = void>(
  act: (asked: Asked) => Promise<Done>,
): UseMutationResult<Done, Error, Asked> {
  return useMutation<Done, Error, Asked>(
    { mutationFn: (asked) => inAdministration(() => act(asked)) },
    queries,
  );
}
