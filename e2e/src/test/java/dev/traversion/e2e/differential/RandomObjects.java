/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A stream of random changes to objects of many kinds: creations, changes, deletions and re-creations, decided by a seed.
 *
 * <p>Manifests are JSON; {@code %NAME%} and {@code %NAMESPACE%} stand for the object's own, {@code %N%} for a number which changes.
 */
final class RandomObjects {

    /**
     * @param path of the list in the API, with {@code %NAMESPACE%}
     * @param change a JSON merge patch that keeps the object valid
     */
    record Kind(String path, String manifest, String change) {}

    /** What to do next with the object of a kind that has a name. */
    record Step(Action action, Kind kind, String name, int number) {}

    enum Action {
        CREATE,
        CHANGE,
        DELETE
    }

    private static final String LABELS =
            "{\"metadata\":{\"labels\":{\"step\":\"s%N%\"},\"annotations\":{\"note\":\"näht %N%\"}}}";
    private static final String CONTAINERS =
            "\"containers\":[{\"name\":\"c\",\"image\":\"traversion.test/absent:1\",\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"hunter%N%\"}]}]";

    /** Pods and their templates name a scheduler that does not exist, so that only this stream changes them. */
    private static final String POD_SPEC = "{\"schedulerName\":\"none\"," + CONTAINERS + "}";

    private static final String TEMPLATE = "{\"metadata\":{\"labels\":{\"app\":\"%NAME%\"}},\"spec\":" + POD_SPEC + "}";
    private static final String SELECTOR = "{\"matchLabels\":{\"app\":\"%NAME%\"}}";

    static final List<Kind> KINDS = List.of(
            kind(
                    "/api/v1",
                    "configmaps",
                    "ConfigMap",
                    "\"data\":{\"a\":\"%N%\",\"script\":\"<b>&\\u2028\"}",
                    "{\"data\":{\"a\":\"v%N%\"}}"),
            kind(
                    "/api/v1",
                    "secrets",
                    "Secret",
                    "\"stringData\":{\"password\":\"p%N%\"}",
                    "{\"stringData\":{\"password\":\"q%N%\"}}"),
            kind(
                    "/api/v1",
                    "services",
                    "Service",
                    "\"spec\":{\"ports\":[{\"port\":80}]}",
                    "{\"spec\":{\"selector\":{\"app\":\"x%N%\"}}}"),
            kind("/api/v1", "serviceaccounts", "ServiceAccount", null, LABELS),
            kind("/api/v1", "pods", "Pod", "\"spec\":" + POD_SPEC, LABELS),
            kind("/api/v1", "podtemplates", "PodTemplate", "\"template\":" + TEMPLATE, LABELS),
            kind(
                    "/api/v1",
                    "replicationcontrollers",
                    "ReplicationController",
                    "\"spec\":{\"replicas\":0,\"selector\":{\"app\":\"%NAME%\"},\"template\":" + TEMPLATE + "}",
                    LABELS),
            kind(
                    "/api/v1",
                    "limitranges",
                    "LimitRange",
                    "\"spec\":{\"limits\":[{\"type\":\"PersistentVolumeClaim\",\"max\":{\"storage\":\"9Gi\"}}]}",
                    LABELS),
            kind(
                    "/api/v1",
                    "resourcequotas",
                    "ResourceQuota",
                    "\"spec\":{\"hard\":{\"count/nothing.absent.test\":\"9999\"}}",
                    "{\"spec\":{\"hard\":{\"count/nothing.absent.test\":\"1%N%\"}}}"),
            kind(
                    "/api/v1",
                    "persistentvolumeclaims",
                    "PersistentVolumeClaim",
                    "\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"storageClassName\":\"none\",\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}",
                    LABELS),
            kind(
                    "/apis/apps/v1",
                    "deployments",
                    "Deployment",
                    "\"spec\":{\"replicas\":1,\"selector\":" + SELECTOR + ",\"template\":" + TEMPLATE + "}",
                    "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"step\":\"s%N%\"}}}}}"),
            kind(
                    "/apis/apps/v1",
                    "statefulsets",
                    "StatefulSet",
                    "\"spec\":{\"replicas\":1,\"serviceName\":\"x\",\"selector\":" + SELECTOR + ",\"template\":"
                            + TEMPLATE + "}",
                    LABELS),
            kind(
                    "/apis/apps/v1",
                    "daemonsets",
                    "DaemonSet",
                    "\"spec\":{\"selector\":" + SELECTOR
                            + ",\"template\":{\"metadata\":{\"labels\":{\"app\":\"%NAME%\"}},\"spec\":{\"nodeSelector\":{\"no\":\"node\"},"
                            + CONTAINERS + "}}}",
                    LABELS),
            kind(
                    "/apis/apps/v1",
                    "replicasets",
                    "ReplicaSet",
                    "\"spec\":{\"replicas\":0,\"selector\":" + SELECTOR + ",\"template\":" + TEMPLATE + "}",
                    LABELS),
            kind(
                    "/apis/batch/v1",
                    "jobs",
                    "Job",
                    "\"spec\":{\"suspend\":true,\"template\":{\"spec\":{\"restartPolicy\":\"Never\"," + CONTAINERS
                            + "}}}",
                    LABELS),
            kind(
                    "/apis/batch/v1",
                    "cronjobs",
                    "CronJob",
                    "\"spec\":{\"suspend\":true,\"schedule\":\"* * * * *\",\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":{\"restartPolicy\":\"Never\","
                            + CONTAINERS + "}}}}}",
                    "{\"spec\":{\"startingDeadlineSeconds\":%N%}}"),
            kind(
                    "/apis/networking.k8s.io/v1",
                    "ingresses",
                    "Ingress",
                    "\"spec\":{\"defaultBackend\":{\"service\":{\"name\":\"x\",\"port\":{\"number\":80}}}}",
                    LABELS),
            kind(
                    "/apis/networking.k8s.io/v1",
                    "networkpolicies",
                    "NetworkPolicy",
                    "\"spec\":{\"podSelector\":{\"matchLabels\":{\"app\":\"%NAME%\"}}}",
                    LABELS),
            kind(
                    "/apis/rbac.authorization.k8s.io/v1",
                    "roles",
                    "Role",
                    "\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"get\"]}]",
                    LABELS),
            kind(
                    "/apis/rbac.authorization.k8s.io/v1",
                    "rolebindings",
                    "RoleBinding",
                    "\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"x\"},\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"x\",\"namespace\":\"%NAMESPACE%\"}]",
                    LABELS),
            kind(
                    "/apis/policy/v1",
                    "poddisruptionbudgets",
                    "PodDisruptionBudget",
                    "\"spec\":{\"minAvailable\":1,\"selector\":" + SELECTOR + "}",
                    LABELS),
            kind(
                    "/apis/autoscaling/v2",
                    "horizontalpodautoscalers",
                    "HorizontalPodAutoscaler",
                    "\"spec\":{\"maxReplicas\":3,\"scaleTargetRef\":{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"none\"}}",
                    "{\"spec\":{\"maxReplicas\":1%N%}}"),
            kind(
                    "/apis/coordination.k8s.io/v1",
                    "leases",
                    "Lease",
                    "\"spec\":{\"holderIdentity\":\"h%N%\"}",
                    "{\"spec\":{\"holderIdentity\":\"i%N%\"}}"),
            kind(
                    "/apis/discovery.k8s.io/v1",
                    "endpointslices",
                    "EndpointSlice",
                    "\"addressType\":\"IPv4\",\"endpoints\":[{\"addresses\":[\"192.0.2.1\"]}],\"ports\":[{\"port\":80}]",
                    LABELS),
            kind(
                    "/apis/differential.test/v1",
                    "widgets",
                    "Widget",
                    "\"spec\":{\"size\":%N%,\"free\":{\"z\":1,\"a\":[1,2.5,\"x\"]},\"apiToken\":\"t%N%\"}",
                    "{\"spec\":{\"size\":1%N%}}"),
            kind(
                    "/apis/differential.test/v1beta1",
                    "gadgets",
                    "Gadget",
                    "\"spec\":{\"size\":%N%}",
                    "{\"status\":{\"phase\":\"P%N%\"},\"spec\":{\"size\":2%N%}}"));

    private final Random random;
    private final int objects;
    private final List<Step> live = new ArrayList<>();
    private int number;

    /** @param objects how many objects exist at once, about */
    RandomObjects(long seed, int objects) {
        this.random = new Random(seed);
        this.objects = objects;
    }

    /** The next step of the stream, as if all before it had been carried out. */
    Step next() {
        number++;
        if (live.size() < objects && (live.isEmpty() || random.nextInt(3) == 0)) {
            Kind kind = KINDS.get(number % KINDS.size());
            // Few names, so that objects come back under a name that was deleted before.
            String name = "n" + random.nextInt(40);
            if (live.stream()
                    .noneMatch(step -> step.kind().equals(kind) && step.name().equals(name))) {
                Step step = new Step(Action.CREATE, kind, name, number);
                live.add(step);
                return step;
            }
        }
        int index = random.nextInt(live.size());
        Step chosen = live.get(index);
        if (random.nextInt(8) == 0) {
            live.remove(index);
            return new Step(Action.DELETE, chosen.kind(), chosen.name(), number);
        }
        return new Step(Action.CHANGE, chosen.kind(), chosen.name(), number);
    }

    static String fill(String template, String namespace, String name, int number) {
        return template.replace("%NAMESPACE%", namespace)
                .replace("%NAME%", name)
                .replace("%N%", Integer.toString(number));
    }

    private static Kind kind(String api, String resource, String kind, String fields, String change) {
        String version = api.substring(api.indexOf('/', 1) + 1);
        String manifest = "{\"apiVersion\":\"" + version + "\",\"kind\":\"" + kind
                + "\",\"metadata\":{\"name\":\"%NAME%\",\"namespace\":\"%NAMESPACE%\",\"labels\":{\"app\":\"%NAME%\"}}"
                + (fields == null ? "" : "," + fields) + "}";
        return new Kind(api + "/namespaces/%NAMESPACE%/" + resource, manifest, change);
    }
}
