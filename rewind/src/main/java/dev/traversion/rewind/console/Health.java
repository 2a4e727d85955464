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

    private static final byte[][] DELETION = JsonScanner.path("metadata", "deletionTimestamp");
    private static final byte[][] PHASE = JsonScanner.path("phase");
    private static final byte[][] CONDITIONS = JsonScanner.path("conditions");
    private static final byte[][] CONTAINERS = JsonScanner.path("containerStatuses");
    private static final byte[][] INIT_CONTAINERS = JsonScanner.path("initContainerStatuses");
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

    /** Where the status begins, which is the last of most objects: looked for once; -1 if there is none. */
    private final int status;

    private Health(Body body) {
        json = body.bytes();
        status = JsonScanner.find(json, 0, STATUS);
    }

    static byte of(ResourceType type, Body body) {
        if (body.length() == 0) {
            return NONE;
        }
        if (!body.text(DELETION).isEmpty()) {
            return TERMINATING;
        }
        if (type.resource().equals("events")) {
            return body.text(TYPE).equals("Warning") ? WARNING : OK;
        }
        return new Health(body).of(type);
    }

    private byte of(ResourceType type) {
        return switch (type.toString()) {
            case "pods" -> pod();
            case "nodes" -> node();
            case "deployments.apps", "statefulsets.apps" -> workload(true);
            case "replicasets.apps", "replicationcontrollers" -> workload(false);
            case "daemonsets.apps" -> counted(number(status, SCHEDULED, 0), number(status, NUMBER_READY, 0));
            case "jobs.batch" -> job();
            case "namespaces", "persistentvolumeclaims", "persistentvolumes" -> phase(text(PHASE));
            default -> byConditions();
        };
    }

    /** Where the value of a member of the status begins; -1 if there is none. */
    private int find(byte[][] path) {
        return status < 0 ? -1 : JsonScanner.find(json, status, path);
    }

    private String text(byte[][] path) {
        int at = find(path);
        return at < 0 ? "" : JsonScanner.text(json, at);
    }

    private byte pod() {
        return switch (text(PHASE)) {
            case "Succeeded" -> DONE;
            case "Failed" -> FAILED;
            case "Unknown" -> WARNING;
            case "Running" -> isFailing() ? FAILED : areReady() ? OK : WARNING;
            default -> isFailing() ? FAILED : condition("PodScheduled").equals("False") ? WARNING : PROGRESSING;
        };
    }

    private boolean isFailing() {
        return hasFailing(CONTAINERS) || hasFailing(INIT_CONTAINERS);
    }

    private boolean hasFailing(byte[][] path) {
        int list = find(path);
        if (list < 0) {
            return false;
        }
        JsonScanner.Elements containers = new JsonScanner.Elements(json, list);
        while (containers.next()) {
            int waiting = JsonScanner.find(json, containers.start(), WAITING);
            if (waiting >= 0 && !STARTING.contains(JsonScanner.text(json, waiting))) {
                return true;
            }
            int exit = JsonScanner.find(json, containers.start(), EXIT_CODE);
            if (exit >= 0 && !JsonScanner.text(json, exit).equals("0")) {
                return true;
            }
        }
        return false;
    }

    private boolean areReady() {
        int list = find(CONTAINERS);
        if (list < 0) {
            return condition("Ready").equals("True");
        }
        JsonScanner.Elements containers = new JsonScanner.Elements(json, list);
        while (containers.next()) {
            int ready = JsonScanner.find(json, containers.start(), READY);
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
        int list = find(CONDITIONS);
        if (list >= 0) {
            JsonScanner.Elements conditions = new JsonScanner.Elements(json, list);
            while (conditions.next()) {
                int type = JsonScanner.find(json, conditions.start(), TYPE);
                int status = JsonScanner.find(json, conditions.start(), STATUS);
                if (type >= 0 && status >= 0 && JsonScanner.text(json, type).equals(name)) {
                    return JsonScanner.text(json, status);
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
