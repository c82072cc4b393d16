import { useNavigate } from "@tanstack/react-router";
import { useSentence } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import { openDirect } from "#/spaces/queries";
import { useToasts } from "#/ui/layer/Toasts";

type Way = "write" | "call";

type Reach = {
  /** Opens the conversation with someone, or calls them there. With oneself, one's own notes. */
  readonly reach: (person: string, way: Way) => void;
  readonly pending: Way | null;
};

/** Ways to someone: writing and calling, both in the direct with them. */
export function useReach(): Reach {
  const navigate = useNavigate();
  const toasts = useToasts();
  const sentence = useSentence();
  const act = useAct(async ({ person, way }: { person: string; way: Way }) => {
    const spaceId = await openDirect([person]);
    await navigate({ to: way === "call" ? "/call/$spaceId" : "/spaces/$spaceId", params: { spaceId } });
  });
  return {
    reach: (person, way) => {
      if (act.isPending) return;
      act.mutate({ person, way }, { onError: (error) => toasts.show({ text: sentence(error) }) });
    },
    pending: act.isPending ? act.variables.way : null,
  };
}
