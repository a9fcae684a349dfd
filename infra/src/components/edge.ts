import { BackendService } from "@pulumi/gcp/compute/backendService.js";
import { GlobalAddress } from "@pulumi/gcp/compute/globalAddress.js";
import { GlobalForwardingRule } from "@pulumi/gcp/compute/globalForwardingRule.js";
import { ManagedSslCertificate } from "@pulumi/gcp/compute/managedSslCertificate.js";
import { RegionNetworkEndpointGroup } from "@pulumi/gcp/compute/regionNetworkEndpointGroup.js";
import { SSLPolicy } from "@pulumi/gcp/compute/sslpolicy.js";
import { TargetHttpProxy } from "@pulumi/gcp/compute/targetHttpProxy.js";
import { TargetHttpsProxy } from "@pulumi/gcp/compute/targetHttpsProxy.js";
import { URLMap } from "@pulumi/gcp/compute/urlmap.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { resourceName } from "../names.ts";

export interface EdgeArgs {
  readonly project: string;
  readonly region: string;
  readonly hosts: readonly string[];
  readonly securityPolicy: Output<string>;
}

const SCHEME = "EXTERNAL_MANAGED";

/** The load balancer in front of the functions: one address, TLS of 1.2 and up, every request past the Armor policy. */
export class Edge extends ComponentResource {
  /** Address to which the hosts' DNS records must point before the certificates can be issued. */
  readonly address: Output<string>;

  constructor(name: string, args: EdgeArgs, opts?: ComponentResourceOptions) {
    super("firekeep:edge:Edge", name, {}, opts);
    const address = new GlobalAddress("edge", { project: args.project, name: "firekeep-edge" }, { parent: this });
    this.address = address.address;
    this.https(args, this.backend(args), address.address);
    this.redirect(args.project, address.address);
    this.registerOutputs({ address: this.address });
  }

  /** A Cloud Run group: a group of Cloud Functions only knows the first generation. */
  private backend({ project, region, securityPolicy }: EdgeArgs): BackendService {
    const functions = new RegionNetworkEndpointGroup(
      "functions",
      {
        project,
        name: "firekeep-functions",
        region,
        networkEndpointType: "SERVERLESS",
        cloudRun: { urlMask: "/<service>" }, // case-sensitive, hence lower-case function ids
      },
      { parent: this },
    );
    return new BackendService(
      "functions",
      {
        project,
        name: "firekeep-functions",
        loadBalancingScheme: SCHEME,
        protocol: "HTTPS",
        backends: [{ group: functions.id }],
        securityPolicy,
        logConfig: { enable: true, sampleRate: 1 }, // CIS GCP Foundation v5.0.0, 2.17
      },
      { parent: this },
    );
  }

  private https({ project, hosts }: EdgeArgs, backend: BackendService, address: Output<string>): void {
    // A certificate cannot change its names: another set of hosts is another certificate, made before the old one goes.
    const certificates = hosts.map(
      (host) =>
        new ManagedSslCertificate(
          resourceName("edge", host),
          { project, name: resourceName("firekeep", host), managed: { domains: [host] } },
          { parent: this },
        ),
    );
    const policy = new SSLPolicy(
      "edge",
      { project, name: "firekeep-edge", profile: "RESTRICTED", minTlsVersion: "TLS_1_2" }, // CIS GCP Foundation v5.0.0, 3.11
      { parent: this },
    );
    const map = new URLMap("edge", { project, name: "firekeep-edge", defaultService: backend.id }, { parent: this });
    const proxy = new TargetHttpsProxy(
      "edge",
      {
        project,
        name: "firekeep-edge",
        urlMap: map.id,
        sslCertificates: certificates.map(({ id }) => id),
        sslPolicy: policy.id,
      },
      { parent: this },
    );
    this.forward("https", project, "443", proxy.id, address);
  }

  /** Plain HTTP is answered by a redirect and nothing else. */
  private redirect(project: string, address: Output<string>): void {
    const map = new URLMap(
      "redirect",
      {
        project,
        name: "firekeep-redirect",
        defaultUrlRedirect: {
          httpsRedirect: true,
          stripQuery: false,
          redirectResponseCode: "MOVED_PERMANENTLY_DEFAULT",
        },
      },
      { parent: this },
    );
    const proxy = new TargetHttpProxy(
      "redirect",
      { project, name: "firekeep-redirect", urlMap: map.id },
      { parent: this },
    );
    this.forward("http", project, "80", proxy.id, address);
  }

  private forward(
    name: string,
    project: string,
    portRange: string,
    target: Output<string>,
    ipAddress: Output<string>,
  ): void {
    new GlobalForwardingRule(
      name,
      {
        project,
        name: `firekeep-${name}`,
        loadBalancingScheme: SCHEME,
        ipProtocol: "TCP",
        portRange,
        target,
        ipAddress,
      },
      { parent: this },
    );
  }
}
