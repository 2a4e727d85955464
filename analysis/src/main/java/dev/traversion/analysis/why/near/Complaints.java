/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.near;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ResourceType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which types and fields are to do with a kind of trouble, or with what Kubernetes and programs say of it. */
final class Complaints {

    private record Complaint(Pattern said, Pattern path, Set<ResourceType> types) {

        boolean isOf(String text, Change change) {
            return (types.contains(change.key().type())
                            || path.matcher(change.path()).find())
                    && said.matcher(text).find();
        }
    }

    private static final String NOTHING = "(?!)";

    private static final List<Complaint> COMPLAINTS = List.of(
            said(
                    "forbidden",
                    "serviceAccount",
                    Types.ROLES,
                    Types.BINDINGS,
                    Types.CLUSTER_ROLES,
                    Types.CLUSTER_BINDINGS),
            said(
                    "no such host|server misbehaving|name or service not known|bad address|lookup ",
                    "dnsPolicy|dnsConfig|hostname|subdomain|hostAliases",
                    Types.SERVICES),
            said("connection refused|no route to host|i/o timeout", "[pP]orts?\\b", Types.SERVICES, Types.POLICIES),
            said("x509|certificate|tls:", "caBundle|tls|cert|\\.crt|\\.key|scheme", Types.SECRETS),
            said(
                    "read-only file system|permission denied|not permitted",
                    "readOnly|securityContext|fsGroup|runAs|capabilities|volume|[mM]ode"),
            said("no such file|cannot find|not found in", "volume|command|args|mountPath|subPath|workingDir|items"),
            said("statuscode: 40[13]|unauthorized|password|credential", "secret|token|pass", Types.SECRETS),
            said("statuscode: 404", "\\.path$|[pP]ath"),
            said("deadline exceeded|timeout|timed out", "[tT]imeout|[dD]elay|limits\\.cpu"),
            said("exceeded quota|must specify .* for", NOTHING, Types.QUOTAS),
            said("exceeded quota", "resources|[sS]trategy|replicas|parallelism", Types.LIMIT_RANGES),
            said("usage per (container|pod|persistentvolumeclaim)|limit to request ratio", NOTHING, Types.LIMIT_RANGES),
            said("podsecurity", "pod-security|securityContext|hostPath|hostNetwork|hostPort", Types.NAMESPACES),
            said("admissionpolicy", NOTHING, Types.ADMISSION_POLICIES, Types.ADMISSION_BINDINGS),
            said("admission webhook|failed calling webhook", NOTHING, Types.VALIDATING, Types.MUTATING),
            said("service ?account", "serviceAccount", Types.ACCOUNTS),
            said("persistentvolumeclaim|unbound|provision", "volume", Types.CLAIMS, Types.VOLUMES, Types.CLASSES),
            said("node\\(s\\)|untolerated taint", "taints|unschedulable|metadata\\.labels", Types.NODES),
            said("configmap", NOTHING, Types.CONFIG_MAPS),
            said("secret", NOTHING, Types.SECRETS),
            said("preempt|priority", "priorityClass", Types.PRIORITIES),
            said("could not find the requested resource|no matches for kind", NOTHING, Types.DEFINITIONS));

    private static final Map<What, Pattern> FIELDS = new EnumMap<>(What.class);

    static {
        fields(
                "nodeSelector|[aA]ffinity|tolerations|topologySpread|resources|hostPort|\\.ports|volume|ClassName|taints|unschedulable"
                        + "|metadata\\.labels|accessModes|schedulerName",
                What.UNSCHEDULABLE,
                What.FITS_NO_NODE,
                What.CLAIM_PENDING,
                What.PREEMPTED);
        fields("resources|emptyDir|[mM]emory", What.OUT_OF_MEMORY, What.MEMORY_GROWS, What.EVICTED);
        fields("resources", What.THROTTLED);
        fields("livenessProbe", What.LIVENESS_FAILED);
        fields("readinessProbe", What.READINESS_FAILED);
        fields("startupProbe", What.STARTUP_FAILED);
        fields("\\.image$|imagePull", What.IMAGE_UNAVAILABLE);
        fields("env|volume", What.CONFIG_MISSING, What.MOUNT_FAILED);
        fields(
                "securityContext|resources|serviceAccount|hostNetwork|hostPID|hostIPC|hostPath|labels|spec\\.(hard|limits)|failurePolicy",
                What.CREATE_REFUSED);
        fields(
                "[sS]trategy|partition|paused|minReadySeconds|progressDeadline",
                What.ROLLOUT_HELD,
                What.ROLLOUT_PAUSED,
                What.ROLLOUT_PARTITIONED,
                What.READY_TOO_SHORT,
                What.HELD_BACK);
        fields(
                "activeDeadlineSeconds|backoffLimit|parallelism|completions|suspend|podFailurePolicy|managedBy",
                What.JOB_FAILED,
                What.JOB_UNFINISHED,
                What.SUSPENDED);
        fields(
                "selector|labels|\\.ports|targetPort|replicas",
                What.NO_ENDPOINTS,
                What.PORT_UNSERVED,
                What.SCALED_TO_ZERO);
        fields("finalizers|lifecycle|terminationGrace", What.TERMINATING);
    }

    private Complaints() {}

    private static Complaint said(String said, String path, ResourceType... types) {
        return new Complaint(Pattern.compile(said, Pattern.CASE_INSENSITIVE), Pattern.compile(path), Set.of(types));
    }

    private static void fields(String paths, What... whats) {
        Pattern pattern = Pattern.compile(paths);
        for (What what : whats) {
            FIELDS.put(what, pattern);
        }
    }

    /** Of how many complaints it is what they are about. */
    static long match(Trouble trouble, Change change) {
        return COMPLAINTS.stream()
                .filter(complaint -> complaint.isOf(trouble.text(), change))
                .count();
    }

    /** Whether a field is one by which such a trouble comes. */
    static boolean fits(Trouble trouble, Change change) {
        Pattern paths = FIELDS.get(trouble.what());
        return paths != null && paths.matcher(change.path()).find();
    }
}
