/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import dev.traversion.archive.Change;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * A made-up cluster under a seed, with the proportions of a real one: of its changes 39 % are Leases, 23 % Events, 20 % Pods (8.5 KB,
 * a third of it managedFields), the rest nodes, Deployments, EndpointSlices and ConfigMaps. First comes every object as a list would
 * bring it, then the changes, spread over time.
 */
public final class SyntheticCluster {

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final Instant BEGIN = Instant.parse("2026-03-01T08:00:00Z");
    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType NODES = new ResourceType("", "nodes");
    private static final ResourceType EVENTS = new ResourceType("", "events");
    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    private static final ResourceType LEASES = new ResourceType("coordination.k8s.io", "leases");
    private static final ResourceType DEPLOYMENTS = new ResourceType("apps", "deployments");
    private static final ResourceType ENDPOINT_SLICES = new ResourceType("discovery.k8s.io", "endpointslices");

    private final SplittableRandom random;
    private final long step;
    private final List<Item> pods = new ArrayList<>();
    private final List<Item> nodes = new ArrayList<>();
    private final List<Item> leases = new ArrayList<>();
    private final List<Item> events = new ArrayList<>();
    private final List<Item> deployments = new ArrayList<>();
    private final List<Item> endpointSlices = new ArrayList<>();
    private final List<Item> configMaps = new ArrayList<>();
    private final StringBuilder json = new StringBuilder(16 * 1024);
    private final List<Item> initial = new ArrayList<>();
    private int listed;
    private int created;
    private long time;
    private long version = 1000;
    private long nowSecond = -1;
    private String now = "";

    /**
     * @param objects alive at any time, about
     * @param step ns between changes
     */
    public SyntheticCluster(long seed, int objects, long step) {
        random = new SplittableRandom(seed);
        this.step = step;
        time = BEGIN.getEpochSecond() * 1_000_000_000L;
        int scale = Math.max(objects / 20, 1);
        fill(nodes, NODES, scale / 4 + 1);
        fill(pods, PODS, scale * 10);
        fill(leases, LEASES, scale * 2);
        fill(events, EVENTS, scale * 3);
        fill(deployments, DEPLOYMENTS, scale);
        fill(endpointSlices, ENDPOINT_SLICES, scale);
        fill(configMaps, CONFIG_MAPS, scale * 2);
        for (List<Item> items : List.of(pods, nodes, leases, events, deployments, endpointSlices, configMaps)) {
            initial.addAll(items);
        }
    }

    private void fill(List<Item> items, ResourceType type, int count) {
        for (int i = 0; i < count; i++) {
            items.add(create(type));
        }
    }

    /** When it begins, ns. */
    public static long begin() {
        return BEGIN.getEpochSecond() * 1_000_000_000L;
    }

    /** Number of changes that come first, one for every object there is. */
    public int initialChanges() {
        return initial.size();
    }

    /** The next change. There is always one. */
    public Change next() {
        time += 1 + random.nextLong(2 * step);
        version += 1 + random.nextInt(3);
        if (listed < initial.size()) {
            return change(initial.get(listed++), Operation.ADDED);
        }
        int dice = random.nextInt(100);
        if (dice < 39) {
            return modified(leases);
        }
        if (dice < 62) {
            return event();
        }
        if (dice < 82) {
            return pod();
        }
        if (dice < 91) {
            return modified(nodes);
        }
        if (dice < 95) {
            return modified(endpointSlices);
        }
        return modified(dice < 98 ? deployments : configMaps);
    }

    private Change modified(List<Item> items) {
        Item item = items.get(random.nextInt(items.size()));
        item.revision++;
        return change(item, Operation.MODIFIED);
    }

    /** Most Events are new ones, and as many expire. */
    private Change event() {
        int dice = random.nextInt(10);
        if (dice < 2) {
            return modified(events);
        }
        return dice < 6 ? added(events, EVENTS) : deleted(events);
    }

    private Change pod() {
        int dice = random.nextInt(20);
        if (dice == 0 && pods.size() > 1) {
            return deleted(pods);
        }
        return dice == 1 ? added(pods, PODS) : modified(pods);
    }

    private Change added(List<Item> items, ResourceType type) {
        Item item = create(type);
        items.add(item);
        return change(item, Operation.ADDED);
    }

    private Change deleted(List<Item> items) {
        if (items.size() < 2) {
            return modified(items);
        }
        int at = random.nextInt(items.size());
        Item item = items.set(at, items.getLast());
        items.removeLast();
        return change(item, Operation.DELETED);
    }

    private Item create(ResourceType type) {
        int number = created++;
        String app = "app-" + number % 97;
        String suffix = Integer.toString(1_000_000 + random.nextInt(30_000_000), 36);
        String namespace = type.equals(NODES) ? "" : type.equals(LEASES) ? "kube-node-lease" : "team-" + number % 41;
        String name = type.equals(NODES) || type.equals(LEASES) ? "node-" + number : app + "-" + suffix + "-" + number;
        String uid = new UUID(random.nextLong(), random.nextLong()).toString();
        return new Item(new ObjectKey(type, namespace, name), uid, app, now());
    }

    private Change change(Item item, Operation operation) {
        json.setLength(0);
        String kind = write(item);
        return new Change(item.key, kind, item.uid, Long.toString(version), time, operation, body());
    }

    private String write(Item item) {
        return switch (item.key.type().resource()) {
            case "pods" -> writePod(item);
            case "nodes" -> writeNode(item);
            case "leases" -> writeLease(item);
            case "events" -> writeEvent(item);
            case "deployments" -> writeDeployment(item);
            case "endpointslices" -> writeEndpointSlice(item);
            default -> writeConfigMap(item);
        };
    }

    private String now() {
        long second = time / 1_000_000_000L;
        if (second != nowSecond) {
            nowSecond = second;
            now = SECONDS.format(Instant.ofEpochSecond(second));
        }
        return now;
    }

    private void head(Item item, String apiVersion, String kind, boolean labels) {
        text("{'kind':'", kind, "','apiVersion':'", apiVersion, "','metadata':{'name':'", item.key.name(), "'");
        if (!item.key.namespace().isEmpty()) {
            text(",'namespace':'", item.key.namespace(), "'");
        }
        text(",'uid':'", item.uid, "','resourceVersion':'", Long.toString(version), "'");
        if (kind.equals("Deployment")) {
            text(",'generation':", Integer.toString(1 + item.revision / 4));
        }
        text(",'creationTimestamp':'", item.created, "'");
        if (labels) {
            text(",'labels':{'app.kubernetes.io/name':'", item.app, "','app.kubernetes.io/part-of':'shop',");
            text("'pod-template-hash':'7c5d8bf9f4','team':'", item.key.namespace(), "'}");
        }
    }

    private void managedFields(Item item, String manager, int entries, int fields) {
        text(",'managedFields':[");
        for (int entry = 0; entry < entries; entry++) {
            boolean newest = entry == entries - 1;
            text(entry == 0 ? "" : ",", "{'manager':'", newest ? manager : "kube-controller-manager-" + entry);
            text("','operation':'Update','apiVersion':'v1','time':'", newest ? now() : item.created);
            text(
                    "','fieldsType':'FieldsV1','fieldsV1':{'f:metadata':{'f:labels':{'.':{},'f:app.kubernetes.io/name':{}");
            for (int field = 0; field < fields; field++) {
                text(",'f:status-", Integer.toString(entry), "-", Integer.toString(field));
                text("':{'.':{},'f:lastTransitionTime':{},'f:message':{},'f:type':{}}");
            }
            text("}}}}");
        }
        text("]");
    }

    private String writePod(Item item) {
        head(item, "v1", "Pod", true);
        text(",'ownerReferences':[{'apiVersion':'apps/v1','kind':'ReplicaSet','name':'", item.app, "-7c5d8bf9f4',");
        text("'uid':'", hex(item.app, 300, 32), "','controller':true,'blockOwnerDeletion':true}]");
        managedFields(item, "kubelet", 2, 14);
        text(
                "},'spec':{'volumes':[{'name':'kube-api-access-",
                hex(item.uid, 301, 5),
                "','projected':{'sources':[{'serviceAccountToken':");
        text("{'expirationSeconds':3607,'path':'token'}},{'configMap':{'name':'kube-root-ca.crt','items':");
        text("[{'key':'ca.crt','path':'ca.crt'}]}}],'defaultMode':420}}],'containers':[");
        for (int c = 0; c < 3; c++) {
            text(c == 0 ? "" : ",", "{'name':'", item.app, "-", Integer.toString(c), "','image':'registry.example/");
            text(
                    item.app,
                    ":1.",
                    Integer.toString(item.revision / 20),
                    "','args':['--listen=:8080','--log=info'],'env':[");
            for (int e = 0; e < 8; e++) {
                text(e == 0 ? "" : ",", "{'name':'SETTING_", Integer.toString(e), "','value':'");
                text(hex(item.app, c * 8 + e, 24), "'}");
            }
            text("],'resources':{'limits':{'cpu':'500m','memory':'256Mi'},'requests':{'cpu':'100m','memory':'64Mi'}},");
            text("'volumeMounts':[{'name':'kube-api-access','readOnly':true,");
            text("'mountPath':'/var/run/secrets/kubernetes.io/serviceaccount'}],'livenessProbe':{'httpGet':{'path':");
            text(
                    "'/healthz','port':8080,'scheme':'HTTP'},'timeoutSeconds':1,'periodSeconds':10,'failureThreshold':3},");
            text("'terminationMessagePath':'/dev/termination-log','imagePullPolicy':'IfNotPresent'}");
        }
        text(
                "],'restartPolicy':'Always','terminationGracePeriodSeconds':30,'dnsPolicy':'ClusterFirst','nodeName':'node-");
        text(Integer.toString(Math.floorMod(item.uid.hashCode(), 500)), "','securityContext':{},'schedulerName':");
        text(
                "'default-scheduler','priority':0,'preemptionPolicy':'PreemptLowerPriority'},'status':{'phase':'Running',");
        text("'conditions':[");
        String[] conditions = {"PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"};
        boolean ready = item.revision % 3 != 1;
        for (int c = 0; c < conditions.length; c++) {
            boolean follows = c == 2 || c == 3;
            text(c == 0 ? "" : ",", "{'type':'", conditions[c], "','status':'", ready || !follows ? "True" : "False");
            text("','lastProbeTime':null,'lastTransitionTime':'", follows ? now() : item.created, "'}");
        }
        text(
                "],'hostIP':'10.0.3.7','podIP':'10.244.",
                Integer.toString(item.uid.hashCode() & 0xff),
                ".17','startTime':'");
        text(item.created, "','containerStatuses':[");
        for (int c = 0; c < 3; c++) {
            text(
                    c == 0 ? "" : ",",
                    "{'name':'",
                    item.app,
                    "-",
                    Integer.toString(c),
                    "','state':{'running':{'startedAt':'");
            text(item.created, "'}},'lastState':{},'ready':", Boolean.toString(ready), ",'restartCount':");
            text(Integer.toString(c == 0 ? item.revision : 0), ",'image':'registry.example/", item.app, "','imageID':");
            text("'sha256:", hex(item.app, 100 + c, 64), "','containerID':'containerd://");
            text(hex(item.uid, 200 + c + item.revision / 3, 64), "','started':true}");
        }
        text("],'qosClass':'Burstable'}}");
        return "Pod";
    }

    private String writeNode(Item item) {
        head(item, "v1", "Node", true);
        managedFields(item, "kubelet", 2, 10);
        text(
                "},'spec':{'podCIDR':'10.244.1.0/24'},'status':{'capacity':{'cpu':'16','memory':'65842184Ki','pods':'110'},");
        text("'conditions':[");
        String[] conditions = {"MemoryPressure", "DiskPressure", "PIDPressure", "Ready"};
        for (int c = 0; c < conditions.length; c++) {
            text(c == 0 ? "" : ",", "{'type':'", conditions[c], "','status':'", c == 3 ? "True" : "False");
            text("','lastHeartbeatTime':'", now(), "','lastTransitionTime':'", item.created);
            text("','reason':'KubeletHasNo", conditions[c], "','message':'kubelet has no ", conditions[c], "'}");
        }
        text("],'addresses':[{'type':'InternalIP','address':'10.0.3.7'}],'images':[");
        for (int i = 0; i < 20; i++) {
            text(i == 0 ? "" : ",", "{'names':['registry.example/app-", Integer.toString(i), ":1.0'],'sizeBytes':");
            text(Integer.toString(1_000_000 + i * 77_777), "}");
        }
        text("]}}");
        return "Node";
    }

    private String writeLease(Item item) {
        head(item, "coordination.k8s.io/v1", "Lease", false);
        managedFields(item, "kubelet", 1, 1);
        text("},'spec':{'holderIdentity':'", item.key.name(), "','leaseDurationSeconds':40,'renewTime':'");
        text(MICROS.format(Instant.ofEpochSecond(0, time)), "'}}");
        return "Lease";
    }

    private String writeEvent(Item item) {
        head(item, "v1", "Event", false);
        managedFields(item, "kubelet", 1, 2);
        text("},'involvedObject':{'kind':'Pod','namespace':'", item.key.namespace(), "','name':'", item.app);
        text(
                "-7c5d8bf9f4-x2x4x','uid':'",
                item.uid,
                "','apiVersion':'v1','fieldPath':'spec.containers{main}'},'reason':");
        text("'BackOff','message':'Back-off restarting failed container ", item.app, " in pod ", item.key.name());
        text("','source':{'component':'kubelet','host':'node-17'},'firstTimestamp':'", item.created);
        text("','lastTimestamp':'", now(), "','count':", Integer.toString(item.revision + 1));
        text(",'type':'Warning','eventTime':null,'reportingComponent':'kubelet','reportingInstance':'node-17'}");
        return "Event";
    }

    private String writeDeployment(Item item) {
        head(item, "apps/v1", "Deployment", true);
        managedFields(item, item.revision % 4 == 0 ? "kubectl" : "kube-controller-manager", 3, 5);
        text(
                "},'spec':{'replicas':",
                Integer.toString(1 + item.revision / 4 % 5),
                ",'selector':{'matchLabels':{'app':'");
        text(item.app, "'}},'template':{'metadata':{'labels':{'app':'", item.app, "'}},'spec':{'containers':[{'name':");
        text("'main','image':'registry.example/", item.app, ":1.", Integer.toString(item.revision / 4), "'}]}}},");
        text("'status':{'observedGeneration':", Integer.toString(1 + item.revision / 4), ",'replicas':3,");
        text("'readyReplicas':", Integer.toString(item.revision % 4), "}}");
        return "Deployment";
    }

    private String writeEndpointSlice(Item item) {
        head(item, "discovery.k8s.io/v1", "EndpointSlice", true);
        managedFields(item, "kube-controller-manager", 1, 4);
        text("},'addressType':'IPv4','endpoints':[");
        for (int e = 0; e <= item.revision % 6; e++) {
            text(e == 0 ? "" : ",", "{'addresses':['10.244.", Integer.toString(item.app.hashCode() & 0xff), ".");
            text(Integer.toString(e + 2), "'],'conditions':{'ready':true,'serving':true,'terminating':false},");
            text("'nodeName':'node-", Integer.toString(e), "'}");
        }
        text("],'ports':[{'name':'http','protocol':'TCP','port':8080}]}");
        return "EndpointSlice";
    }

    private String writeConfigMap(Item item) {
        head(item, "v1", "ConfigMap", true);
        managedFields(item, "kubectl-client-side-apply", 1, 3);
        text("},'data':{'application.yaml':'server:\\n  port: 8080\\nrevision: ", Integer.toString(item.revision));
        for (int line = 0; line < 20; line++) {
            text("\\nsetting.", Integer.toString(line), ": ", hex(item.uid, line, 20));
        }
        text("'}}");
        return "ConfigMap";
    }

    /** Appends pieces of JSON, in which apostrophes stand for quotes. */
    private void text(String... pieces) {
        for (String piece : pieces) {
            json.append(piece);
        }
    }

    /** Digits that look random and depend on their owner only. */
    private static String hex(String owner, int salt, int digits) {
        SplittableRandom source = new SplittableRandom(owner.hashCode() * 31L + salt);
        StringBuilder hex = new StringBuilder(digits + 16);
        while (hex.length() < digits) {
            hex.append(Long.toHexString(source.nextLong()));
        }
        hex.setLength(digits);
        return hex.toString();
    }

    private byte[] body() {
        byte[] body = json.toString().getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < body.length; i++) {
            if (body[i] == '\'') {
                body[i] = '"';
            }
        }
        return body;
    }

    private static final class Item {

        private final ObjectKey key;
        private final String uid;
        private final String app;
        private final String created;
        private int revision;

        Item(ObjectKey key, String uid, String app, String created) {
            this.key = key;
            this.uid = uid;
            this.app = app;
            this.created = created;
        }
    }
}
