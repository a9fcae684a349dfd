import { enter, type SignedIn, type SignInDeps } from "./sign-in.ts";

/** Signs in with the code that `identity-mailcode-begin` had mailed. Never more than assurance 1. */
export const signInWithMailCode = (
  deps: SignInDeps,
  { deviceName, ...given }: { challenge: string; code: string; deviceName: string },
): Promise<SignedIn> =>
  enter(deps, (binding) =>
    deps.firekeep.call(
      "identity-mailcode-finish",
      { ...given, device: { name: deviceName }, binding },
      { secret: "none" },
    ),
  );
