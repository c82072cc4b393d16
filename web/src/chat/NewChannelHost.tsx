import type { ReactElement } from "react";
import { useStore } from "#/core/store";
import { may } from "#/spaces/spaces";
import { useSpace } from "#/spaces/useSpaces";
import { NewChannelDialog } from "./NewChannelDialog";
import { closeNewChannel, newChannelIn } from "./newChannel";

/** Where the dialog opens that a list of channels asks for: the list itself may fold away under it. */
export function NewChannelHost(): ReactElement | null {
  const wanted = useStore(newChannelIn, (space) => space);
  return wanted === null ? null : <Wanted spaceId={wanted} />;
}

function Wanted({ spaceId }: { spaceId: string }): ReactElement | null {
  const space = useSpace(spaceId);
  if (!(space && may(space.own, "chat:channel:create"))) return null;
  return <NewChannelDialog space={space} opened onClose={closeNewChannel} />;
}
