import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { SidePanel } from "#/ui/layer/SidePanel";
import { DeviceFields } from "./DeviceFields";

/** Sound and picture, while one is in the call. */
export function DevicesPanel({
  maySpeak,
  onClose,
}: {
  maySpeak: boolean;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation("meet");
  return (
    <SidePanel title={t("devices.title")} onClose={onClose}>
      <DeviceFields sends={maySpeak} />
    </SidePanel>
  );
}
