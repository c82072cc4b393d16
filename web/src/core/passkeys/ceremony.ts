import type { KeyAsking, KeyMaking, KnownKey, NewPasskey, PasskeyProof } from "#/core/api/schema";

/*
 * The browser's side of passkeys (WebAuthn). The server speaks base64url; the browser wants bytes.
 */

/** Why the browser gave no passkey, as far as it says: it tells no page whether somebody has one. */
export type KeyTrouble = "cancelled" | "unable" | "present" | "address";

export class KeyError extends Error {
  override readonly name = "KeyError";
  readonly trouble: KeyTrouble;

  constructor(trouble: KeyTrouble, cause?: unknown) {
    super(trouble, { cause });
    this.trouble = trouble;
  }
}

/** Whether this browser knows passkeys at all, at this address. */
export const knowsKeys = (): boolean => typeof PublicKeyCredential !== "undefined" && isSecureContext;

/** Whether the browser can offer passkeys in the list under a field, beside addresses and passwords. */
export async function offersKeysInFields(): Promise<boolean> {
  if (!knowsKeys()) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const descriptor = ({ id, transports }: KnownKey): PublicKeyCredentialDescriptor => ({
  type: "public-key",
  id: bytes(id),
  // The server keeps only those that browsers know.
  transports: transports as AuthenticatorTransport[],
});

/** A browser holds one such question at a time: a new one puts the old one away. */
let held: AbortController | null = null;

async function ask<T>(
  run: (signal: AbortSignal) => Promise<Credential | null>,
  read: (given: PublicKeyCredential) => T,
) {
  held?.abort();
  const mine = new AbortController();
  held = mine;
  try {
    const given = await run(mine.signal);
    if (!(given instanceof PublicKeyCredential)) throw new KeyError("cancelled");
    return read(given);
  } catch (error) {
    throw troubleOf(error);
  } finally {
    if (held === mine) held = null;
  }
}

/** Puts the question away, if there is one: the page that asked is left. */
export function stopAsking(): void {
  held?.abort();
}

/** What went wrong, where the browser says; an abandoned question stays an AbortError. */
export function troubleOf(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error;
  switch (error.name) {
    case "AbortError":
      return error;
    case "InvalidStateError":
      return new KeyError("present", error);
    case "NotSupportedError":
    case "ConstraintError":
      return new KeyError("unable", error);
    case "SecurityError":
      return new KeyError("address", error);
    default:
      // NotAllowedError is all of: said no, waited too long, has none.
      return new KeyError("cancelled", error);
  }
}

/** Has the browser make a passkey. Throws KeyError. */
export function makeKey(asked: KeyMaking): Promise<Omit<NewPasskey, "name">> {
  if (!knowsKeys()) return Promise.reject(new KeyError("unable"));
  const publicKey: PublicKeyCredentialCreationOptions = {
    challenge: bytes(asked.challenge),
    rp: { id: asked.site, name: asked.site_name },
    user: { id: bytes(asked.user), name: asked.user_name, displayName: asked.display_name },
    pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
    excludeCredentials: asked.known.map(descriptor),
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
    attestation: "none",
    timeout: asked.within_s * 1000,
  };
  return ask(
    (signal) => navigator.credentials.create({ publicKey, signal }),
    (given) => {
      const response = given.response as AuthenticatorAttestationResponse;
      return {
        credential: text(given.rawId),
        client_data: text(response.clientDataJSON),
        attestation: text(response.attestationObject),
        transports: response.getTransports?.() ?? [],
      };
    },
  );
}

/** Has the browser answer with a passkey; `inField` only offers it in the list under a field. Throws KeyError. */
export function proveKey(asked: KeyAsking, { inField = false } = {}): Promise<PasskeyProof> {
  if (!knowsKeys()) return Promise.reject(new KeyError("unable"));
  const publicKey: PublicKeyCredentialRequestOptions = {
    challenge: bytes(asked.challenge),
    rpId: asked.site,
    allowCredentials: asked.known.map(descriptor),
    userVerification: "required",
    timeout: asked.within_s * 1000,
  };
  return ask(
    (signal) =>
      navigator.credentials.get({ publicKey, signal, ...(inField && { mediation: "conditional" }) }),
    (given) => {
      const response = given.response as AuthenticatorAssertionResponse;
      return {
        credential: text(given.rawId),
        client_data: text(response.clientDataJSON),
        authenticator_data: text(response.authenticatorData),
        signature: text(response.signature),
        user: response.userHandle ? text(response.userHandle) : null,
      };
    },
  );
}
