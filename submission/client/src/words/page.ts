// What the scripted page says while it works. What stands on it from the beginning is in the intake's own templates.
import type { Sentence } from "./say.ts";

export const PAGE = {
  keysMaking: {
    en: "Your codename's keys are being made on this device. That takes some seconds on purpose: it slows down anybody who tries codenames. You can write meanwhile.",
    fr: "Les clés de votre nom de code sont fabriquées sur cet appareil. Cela prend quelques secondes, exprès : c’est ce qui ralentit quiconque essaierait des noms de code. Vous pouvez écrire en attendant.",
  },
} as const satisfies Record<string, Sentence>;
