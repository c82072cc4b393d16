import "i18next";
import type fr from "./fr";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "app";
    // A key that is not in the French resources does not compile.
    resources: typeof fr;
    returnNull: false;
  }
}
