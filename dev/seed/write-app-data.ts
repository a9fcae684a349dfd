import type { Firestore } from "firebase-admin/firestore";
import type { Chance } from "./chance.ts";
import type { DemoPerson } from "./people.ts";
import { product } from "./product.ts";

const DAY = 86_400_000;

/** Where each example app keeps private messages. */
const CONVERSATIONS: Readonly<Record<string, string>> = { dating: "chats", collectors: "threads" };

const LINES = [
  "Hello! How was your week?",
  "The harbour at seven was lovely.",
  "Shall we say Thursday, the usual place?",
  "I found the book you were looking for.",
  "My number has changed, I will call you.",
  "That made me laugh all afternoon.",
] as const;

/** Profiles and private messages of the app, encrypted through the product under each person's own key. */
export const writeAppData = async (
  firestore: Firestore,
  app: { readonly example: string; readonly luck: Chance; readonly now: number },
  persons: readonly DemoPerson[],
): Promise<void> => {
  const { seal } = product.encryption();
  const { Timestamp } = product.firestore();
  const writer = firestore.bulkWriter({ throttling: false });
  for (const { uid, name, email, phone, birthDate, bio, city } of persons) {
    const path = `profiles/${uid}`;
    const values = {
      displayName: name,
      email,
      phone,
      birthDate,
      bio,
      city,
      createdAt: Timestamp.fromMillis(app.now - 61 * DAY),
    };
    void writer.create(firestore.doc(path), await seal({ collection: "profiles", path, subject: uid, values }));
  }
  const conversations = CONVERSATIONS[app.example];
  for (let index = 0; conversations !== undefined && index < 60; index += 1) {
    const [sender, other] = [app.luck.pick(persons), app.luck.pick(persons)];
    const path = `${conversations}/demo-${sender.uid}-${other.uid}/messages/m${String(index)}`;
    const values = {
      sender: sender.uid,
      text: app.luck.pick(LINES),
      sentAt: Timestamp.fromMillis(app.now - app.luck.between(0, 40 * DAY)),
    };
    void writer.create(firestore.doc(path), await seal({ collection: "messages", path, subject: sender.uid, values }));
  }
  await writer.close();
};
