import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useSentence } from "#/core/i18n/useSentence";
import { KeyError } from "#/core/passkeys/ceremony";
import { deviceName, placeOf } from "#/core/passkeys/naming";

/** What went wrong with a passkey, in a sentence for people; the server's own for what the server refused. */
export function useKeySentence(): (error: unknown) => string {
  const { t } = useTranslation("people");
  const sentence = useSentence();
  return useCallback(
    (error) => (error instanceof KeyError ? t(`passkeys.trouble.${error.trouble}`) : sentence(error)),
    [t, sentence],
  );
}

/** What a fresh passkey is called until its owner calls it something else. */
export function useKeyName(): (transports: readonly string[]) => string {
  const { t } = useTranslation("people");
  return useCallback(
    (transports) => {
      const place = placeOf(transports);
      if (place !== "here") return t(`passkeys.first.${place}`);
      return deviceName(navigator.userAgent) || t("passkeys.first.here");
    },
    [t],
  );
}
