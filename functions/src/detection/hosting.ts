/**
 * Networks from which people rarely sign in: data centres that rent out machines, and exits of VPN services.
 * Kept by hand; the names were checked against the packed table. Add yours here.
 */
const HOSTING = new Set([
  16509,
  14618, // Amazon
  396982,
  8075,
  31898, // Google Cloud, Microsoft, Oracle
  14061,
  16276,
  24940,
  197540,
  51167,
  12876,
  8560, // DigitalOcean, OVH, Hetzner, netcup, Contabo, Scaleway, IONOS
  63949,
  20473,
  60781,
  28753,
  30633,
  7203, // Akamai (Linode), Vultr, Leaseweb
  9009,
  60068,
  212238,
  62240,
  136787,
  39351,
  62371,
  209103,
  25369, // VPN exits: M247, Datacamp, Clouvider, PacketHub, 31173, Proton, Hydra
  132203,
  45090,
  45102,
  37963,
  55990,
  136907,
  135377, // Tencent, Alibaba, Huawei, UCloud
  47583,
  26496,
  46606,
  22612,
  32244,
  19318,
  55286,
  36352, // Hostinger, GoDaddy, Unified Layer, Namecheap, Liquid Web, Interserver, B2, HostPapa
  40676,
  8100,
  53667,
  62904,
  29802,
  63023,
  11878, // Psychz, QuadraNet, FranTech, Eonix, Hivelocity, GTHost, tzulo
  49981,
  43350,
  60404,
  58061,
  202425,
  206264,
  210644,
  51396,
  204957, // WorldStream, NForce, Infrastructure Group, Scalaxy, IP Volume, Amarutu, Aeza, Pfcloud, Green Floid
  60729, // Tor exits: Stiftung Erneuerbare Freiheit
  49505,
  9123,
  197695,
  199524, // Selectel, Timeweb, REG.RU, G-Core
]);

/** Shared exits that ordinary people use without choosing to: private relay and WARP. No evidence, and no position either. */
const RELAY = new Set([13335, 36183, 54113]); // Cloudflare, Akamai (iCloud Private Relay), Fastly

export type NetworkKind = "hosting" | "relay" | "access";

export const networkKind = (asn: number): NetworkKind =>
  HOSTING.has(asn) ? "hosting" : RELAY.has(asn) ? "relay" : "access";
