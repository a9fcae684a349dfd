/** What a session on this device is called at first, such as "Firefox, console". */
export const deviceName = (agent = navigator.userAgent): string => {
  const browser = ["Firefox", "Edg", "Chrome", "Safari"].find((name) => agent.includes(`${name}/`)) ?? "Browser";
  return `${browser === "Edg" ? "Edge" : browser}, console`;
};
