import { expect, test } from "@jest/globals";
import { declaration as collectors } from "../../examples/collectors/data-map.js";
import { declaration as dating } from "../../examples/dating/data-map.js";
import { ownCollections, ownFolders } from "../../functions/src/platform/own-data.js";
import { defineDataMap } from "../../functions/src/kernel/data-map/define.js";

const own = { collections: ownCollections, folders: ownFolders };

test.each([dating, collectors])("the $app example loads without a fault", (declaration) => {
  expect(() => defineDataMap(declaration, own)).not.toThrow();
});

test.each([dating, collectors])(
  "the $app example has profiles whose e-mail is RED and can be looked up",
  (declaration) => {
    const profiles = defineDataMap(declaration, own).collection("profiles");
    expect(profiles.path).toBe("profiles/{uid}");
    expect(profiles.fields["email"]).toMatchObject({ class: "RED", stored: "token", lookup: "email" });
    expect(profiles.encrypted.map(({ name }) => name)).toContain("email");
  },
);
