/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.json.Body;
import dev.traversion.rewind.json.JsonScanner;
import java.util.Set;

/**
 * How an object does, by what its status says of it. Read from the bytes, without a tree: a window may hold a million versions.
 */
final class Health {

    static final byte NONE = 0;
    static final byte OK = 1;
    static final byte PROGRESSING = 2;
    static final byte WARNING = 3;
    static final byte FAILED = 4;
    static final byte DONE = 5;
    static final byte TERMINATING = 6;

    /** It does not exist. */
    static final byte ABSENT = (byte) 255;

    private static final byte[] METADATA = name("metadata");
    private static final byte[] DELETION = name("deletionTimestamp");
    private static final byte[] CREATION = name("creationTimestamp");
    private static final byte[] PHASE = name("phase");
    private static final byte[] CONDITIONS = name("conditions");
    private static final byte[] CONTAINERS = name("containerStatuses");
    private static final byte[] INIT_CONTAINERS = name("initContainerStatuses");
    private static final byte[][] WAITING = JsonScanner.path("state", "waiting", "reason");
    private static final byte[][] EXIT_CODE = JsonScanner.path("state", "terminated", "exitCode");
    private static final byte[][] READY = JsonScanner.path("ready");
    private static final byte[][] TYPE = JsonScanner.path("type");
    private static final byte[][] STATUS = JsonScanner.path("status");
    private static final byte[][] REPLICAS = JsonScanner.path("spec", "replicas");
    private static final byte[][] READY_REPLICAS = JsonScanner.path("readyReplicas");
    private static final byte[][] UPDATED_REPLICAS = JsonScanner.path("updatedReplicas");
    private static final byte[][] SCHEDULED = JsonScanner.path("desiredNumberScheduled");
    private static final byte[][] NUMBER_READY = JsonScanner.path("numberReady");

    /** Reasons for waiting that are no failure. */
    private static final Set<String> STARTING = Set.of("", "ContainerCreating", "PodInitializing");

    private final byte[] json;
    private final boolean isEmpty;

    // Where what is asked for begins, found in one pass; -1 if it is not there.
    private int metadata = -1;
    private int creation = -1;
    private int deletion = -1;
    private int status = -1;
    private int phase = -1;
    private int conditions = -1;
    private int containers = -1;
    private int initContainers = -1;

    /** @param body not to be changed while anything is asked; {@code ""} of a deletion */
    Health(Body body) {
        json = body.bytes();
        isEmpty = body.length() == 0;
        if (!isEmpty) {
            find();
        }
    }

    private void find() {
        JsonScanner.Members members = new JsonScanner.Members(json, 0);
        // The status is the last of most objects: what comes behind both is not looked through.
        while ((metadata < 0 || status < 0) && members.next()) {
            if (members.isNamed(METADATA)) {
                metadata = members.valueStart();
                findInMetadata(members);
            } else if (members.isNamed(STATUS[0])) {
                status = members.valueStart();
            }
        }
        if (status >= 0) {
            findInStatus();
        }
    }

    private static byte[] name(String name) {
        return JsonScanner.path(name)[0];
    }

    private void findInMetadata(JsonScanner.Members object) {
        JsonScanner.Members members = new JsonScanner.Members(json, metadata);
        while (members.next()) {
            if (members.isNamed(CREATION)) {
                creation = members.valueStart();
            } else if (members.isNamed(DELETION)) {
                deletion = members.valueStart();
            }
        }
        object.skip(members);
    }

    private void findInStatus() {
        JsonScanner.Members members = new JsonScanner.Members(json, status);
        while (members.next()) {
            if (members.isNamed(PHASE)) {
                phase = members.valueStart();
            } else if (members.isNamed(CONDITIONS)) {
                conditions = members.valueStart();
            } else if (members.isNamed(CONTAINERS)) {
                containers = members.valueStart();
            } else if (members.isNamed(INIT_CONTAINERS)) {
                initContainers = members.valueStart();
            }
        }
    }

    static byte of(ResourceType type, Body body) {
        return new Health(body).of(type);
    }

    /** When the object was created, as it stands there; {@code ""} if it does not. */
    String created() {
        return text(creation);
    }

    byte of(ResourceType type) {
        if (isEmpty) {
            return NONE;
        }
        if (!text(deletion).isEmpty()) {
            return TERMINATING;
        }
        if (type.resource().equals("events")) {
            return text(JsonScanner.find(json, 0, TYPE)).equals("Warning") ? WARNING : OK;
        }
        return byStatus(type);
    }

    private byte byStatus(ResourceType type) {
        return switch (type.toString()) {
            case "pods" -> pod();
            case "nodes" -> node();
            case "deployments.apps", "statefulsets.apps" -> workload(true);
            case "replicasets.apps", "replicationcontrollers" -> workload(false);
            case "daemonsets.apps" -> counted(number(status, SCHEDULED, 0), number(status, NUMBER_READY, 0));
            case "jobs.batch" -> job();
            case "namespaces", "persistentvolumeclaims", "persistentvolumes" -> phase(text(phase));
            default -> byConditions();
        };
    }

    private String text(int at) {
        return at < 0 ? "" : JsonScanner.text(json, at);
    }

    private byte pod() {
        return switch (text(phase)) {
            case "Succeeded" -> DONE;
            case "Failed" -> FAILED;
            case "Unknown" -> WARNING;
            case "Running" -> isFailing() ? FAILED : areReady() ? OK : WARNING;
            default -> isFailing() ? FAILED : condition("PodScheduled").equals("False") ? WARNING : PROGRESSING;
        };
    }

    private boolean isFailing() {
        return hasFailing(containers) || hasFailing(initContainers);
    }

    private boolean hasFailing(int list) {
        if (list < 0) {
            return false;
        }
        JsonScanner.Elements elements = new JsonScanner.Elements(json, list);
        while (elements.next()) {
            int waiting = JsonScanner.find(json, elements.start(), WAITING);
            if (waiting >= 0 && !STARTING.contains(JsonScanner.text(json, waiting))) {
                return true;
            }
            int exit = JsonScanner.find(json, elements.start(), EXIT_CODE);
            if (exit >= 0 && !JsonScanner.text(json, exit).equals("0")) {
                return true;
            }
        }
        return false;
    }

    private boolean areReady() {
        if (containers < 0) {
            return condition("Ready").equals("True");
        }
        JsonScanner.Elements elements = new JsonScanner.Elements(json, containers);
        while (elements.next()) {
            int ready = JsonScanner.find(json, elements.start(), READY);
            if (ready < 0 || json[ready] != 't') {
                return false;
            }
        }
        return !condition("Ready").equals("False");
    }

    private byte node() {
        if (!condition("Ready").equals("True")) {
            return FAILED;
        }
        for (String pressure : new String[] {"MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"}) {
            if (condition(pressure).equals("True")) {
                return WARNING;
            }
        }
        return OK;
    }

    private byte workload(boolean rollsOut) {
        if (condition("Progressing").equals("False")
                || condition("ReplicaFailure").equals("True")) {
            return FAILED;
        }
        long wanted = number(0, REPLICAS, 1);
        byte health = counted(wanted, number(status, READY_REPLICAS, 0));
        if (health == OK && rollsOut && number(status, UPDATED_REPLICAS, 0) < wanted) {
            return PROGRESSING;
        }
        return health == PROGRESSING && condition("Available").equals("False") ? WARNING : health;
    }

    private static byte counted(long wanted, long ready) {
        return ready >= wanted ? OK : PROGRESSING;
    }

    private byte job() {
        if (condition("Failed").equals("True")) {
            return FAILED;
        }
        return condition("Complete").equals("True") ? DONE : PROGRESSING;
    }

    private static byte phase(String phase) {
        return switch (phase) {
            case "Active", "Bound", "Available" -> OK;
            case "Lost", "Failed" -> FAILED;
            case "Terminating" -> TERMINATING;
            case "" -> NONE;
            default -> PROGRESSING;
        };
    }

    /** What most kinds mean that say something of themselves. */
    private byte byConditions() {
        for (String type : new String[] {"Ready", "Available"}) {
            String status = condition(type);
            if (!status.isEmpty()) {
                return status.equals("True") ? OK : status.equals("False") ? WARNING : PROGRESSING;
            }
        }
        return NONE;
    }

    private String condition(String name) {
        if (conditions >= 0) {
            JsonScanner.Elements elements = new JsonScanner.Elements(json, conditions);
            while (elements.next()) {
                int type = JsonScanner.find(json, elements.start(), TYPE);
                int value = JsonScanner.find(json, elements.start(), STATUS);
                if (type >= 0 && value >= 0 && JsonScanner.text(json, type).equals(name)) {
                    return JsonScanner.text(json, value);
                }
            }
        }
        return "";
    }

    /** @param object where the object begins; -1 if there is none */
    private long number(int object, byte[][] path, long otherwise) {
        int at = object < 0 ? -1 : JsonScanner.find(json, object, path);
        String text = at < 0 ? "" : JsonScanner.text(json, at);
        return text.matches("\\d{1,9}") ? Long.parseLong(text) : otherwise;
    }
}
