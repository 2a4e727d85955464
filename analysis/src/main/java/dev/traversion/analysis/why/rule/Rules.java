/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import java.util.List;

/** The catalogue of rules. */
public final class Rules {

    private static final List<Rule> ALL = List.of(
            new ContainerImage(),
            new PullSecrets(),
            new ContainerCommand(),
            new Environment(),
            new OwnAnnotations(),
            new VariableOrder(),
            new InitOrder(),
            new ServiceLinks(),
            new PeerAddress(),
            new MemoryLimit(),
            new Demand(),
            new MemoryGrowth(),
            new Throttled(),
            new CallersLoad(),
            new CpuLimit(),
            new ProbeSettings(),
            new SecurityContext(),
            new DnsPolicy(),
            new FileMode(),
            new MountPath(),
            new WorkingDirectory(),
            new UnendingContainer(),
            new ReplacedRun(),
            new RemovedContainer(),
            new MovedCompanion(),
            new SharedPort(),
            new OtherTemplateChange(),
            new MissingReference(),
            new ConfigContent(),
            new RememberedConfig(),
            new NamedService(),
            new FailedConnection(),
            new FartherService(),
            new RelayedError(),
            new SoughtName(),
            new ServiceDeleted(),
            new ServiceSelector(),
            new ServicePort(),
            new ExternalName(),
            new MixedEndpoints(),
            new FartherEndpoints(),
            new BackendSettings(),
            new BackendPort(),
            new EndpointChoice(),
            new ServiceProxy(),
            new PodNames(),
            new AddressGone(),
            new TakenAddress(),
            new ColdStart(),
            new AsksItself(),
            new OrderedStart(),
            new HandWrittenEndpoints(),
            new NodePort(),
            new IngressBackend(),
            new ReferenceGrants(),
            new EndpointPods(),
            new RolloutGap(),
            new ScaledToZero(),
            new SwitchedOff(),
            new ObjectDeleted(),
            new Finalizers(),
            new JobFailed(),
            new JobIndexes(),
            new SuccessPolicy(),
            new Quota(),
            new LimitRangeBounds(),
            new PodSecurity(),
            new AdmissionWebhook(),
            new AdmissionPolicy(),
            new AdmissionDrift(),
            new AdmittedVariables(),
            new RefusedTemplate(),
            new ServiceAccountGone(),
            new MountableSecrets(),
            new AccountToken(),
            new CopiedToken(),
            new TokenAudience(),
            new Grants(),
            new ServedVersion(),
            new FieldSelector(),
            new ConversionWebhook(),
            new CertificateExpiry(),
            new CertificateNames(),
            new NodeFit(),
            new DaemonNode(),
            new NodeResource(),
            new NodeNetwork(),
            new RuntimeOverhead(),
            new RuntimePlaces(),
            new DefaultRequest(),
            new HeldBackPod(),
            new ManagedJob(),
            new HeldRollout(),
            new NameTaken(),
            new RevisionQuota(),
            new SlowEnd(),
            new RoomTaken(),
            new MissingCompanion(),
            new Preemption(),
            new SharedVolume(),
            new SurgeRoom(),
            new PodClaims(),
            new ClaimedVolume(),
            new ClaimClass(),
            new DefaultClass(),
            new ClaimVolume(),
            new ClaimOffer(),
            new VolumeChanged(),
            new VolumeNodes(),
            new TaintEviction(),
            new NodeOfPod(),
            new StorageLimit(),
            new DefaultLimit(),
            new PressureSource(),
            new KubeletSilent(),
            new HeartbeatRefused(),
            new ScalerLimit(),
            new ScalerMetric(),
            new ScalerOverlap(),
            new BudgetBlocks(),
            new BudgetRefuses(),
            new BudgetSelector(),
            new NetworkPolicies(),
            new ClusterDns(),
            new ApiServiceBackend(),
            new NamedObject(),
            new OwnSpec());

    private Rules() {}

    public static List<Rule> all() {
        return ALL;
    }

    /** The catalogue as a table of Markdown. */
    public static String catalogue() {
        StringBuilder text = new StringBuilder("| Rule | Explains | How |\n|---|---|---|\n");
        for (Rule rule : ALL) {
            text.append("| `").append(rule.name()).append("` | ");
            text.append(String.join(
                    ", ",
                    rule.explains().stream()
                            .map(what -> what.name()
                                    .toLowerCase(java.util.Locale.ROOT)
                                    .replace('_', ' '))
                            .sorted()
                            .toList()));
            text.append(" | ").append(rule.says()).append(" |\n");
        }
        return text.toString();
    }
}
