import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

export interface Received {
  readonly body: unknown;
  readonly id: string;
  /** Whether the signature verified with the secret the receiver was given. */
  readonly verified: boolean;
  /** Whether the same message with one byte changed was refused. */
  readonly forgeryRefused: boolean;
}

/** Somebody else's server that gets our webhooks and checks them as the Standard Webhooks specification says. */
export interface WebhookReceiver {
  readonly url: string;
  readonly received: readonly Received[];
  readonly trust: (secret: string) => void;
  readonly close: () => Promise<void>;
}

export const startWebhookReceiver = async (listenOn = 0): Promise<WebhookReceiver> => {
  const received: Received[] = [];
  let secret: string | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const headers = request.headers as Record<string, string>;
      const verified = secret !== undefined && verifies(secret, body, headers);
      const forgeryRefused = secret !== undefined && !verifies(secret, `${body} `, headers);
      received.push({ body: JSON.parse(body) as unknown, id: headers["webhook-id"] ?? "", verified, forgeryRefused });
      response.writeHead(verified ? 204 : 401).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(listenOn, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/firekeep`,
    received,
    trust: (value) => {
      secret = value;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

const verifies = (secret: string, body: string, headers: Record<string, string>): boolean => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};
