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
    private static final byte[][] PHASE = JsonScanner.path("status", "phase");
    private static final byte[][] CONDITIONS = JsonScanner.path("status", "conditions");
    private static final byte[][] CONTAINERS = JsonScanner.path("status", "containerStatuses");
    private static final byte[][] INIT_CONTAINERS = JsonScanner.path("status", "initContainerStatuses");
    private static final byte[][] WAITING = JsonScanner.path("state", "waiting", "reason");
    private static final byte[][] EXIT_CODE = JsonScanner.path("state", "terminated", "exitCode");
    private static final byte[][] READY = JsonScanner.path("ready");
    private static final byte[][] TYPE = JsonScanner.path("type");
    private static final byte[][] STATUS = JsonScanner.path("status");
    private static final byte[][] REPLICAS = JsonScanner.path("spec", "replicas");
    private static final byte[][] READY_REPLICAS = JsonScanner.path("status", "readyReplicas");
    private static final byte[][] UPDATED_REPLICAS = JsonScanner.path("status", "updatedReplicas");
    private static final byte[][] SCHEDULED = JsonScanner.path("status", "desiredNumberScheduled");
    private static final byte[][] NUMBER_READY = JsonScanner.path("status", "numberReady");

    /** Reasons for waiting that are no failure. */
    private static final Set<String> STARTING = Set.of("", "ContainerCreating", "PodInitializing");

    private Health() {}

    static byte of(ResourceType type, Body body) {
        if (body.length() == 0) {
            return NONE;
        }
        if (!body.text(DELETION).isEmpty()) {
            return TERMINATING;
        }
        return switch (type.toString()) {
            case "pods" -> pod(body);
            case "events", "events.events.k8s.io" -> body.text(TYPE).equals("Warning") ? WARNING : OK;
            case "nodes" -> node(body);
            case "deployments.apps", "statefulsets.apps" -> workload(body, true);
            case "replicasets.apps", "replicationcontrollers" -> workload(body, false);
            case "daemonsets.apps" -> counted(number(body, SCHEDULED, 0), number(body, NUMBER_READY, 0));
            case "jobs.batch" -> job(body);
            case "namespaces", "persistentvolumeclaims", "persistentvolumes" -> phase(body.text(PHASE));
            default -> byConditions(body);
        };
    }

    private static byte pod(Body body) {
        return switch (body.text(PHASE)) {
            case "Succeeded" -> DONE;
            case "Failed" -> FAILED;
            case "Unknown" -> WARNING;
            case "Running" -> isFailing(body) ? FAILED : areReady(body) ? OK : WARNING;
            default ->
                isFailing(body) ? FAILED : condition(body, "PodScheduled").equals("False") ? WARNING : PROGRESSING;
        };
    }

    private static boolean isFailing(Body body) {
        return hasFailing(body, CONTAINERS) || hasFailing(body, INIT_CONTAINERS);
    }

    private static boolean hasFailing(Body body, byte[][] path) {
        byte[] json = body.bytes();
        int list = JsonScanner.find(json, 0, path);
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

    private static boolean areReady(Body body) {
        byte[] json = body.bytes();
        int list = JsonScanner.find(json, 0, CONTAINERS);
        if (list < 0) {
            return condition(body, "Ready").equals("True");
        }
        JsonScanner.Elements containers = new JsonScanner.Elements(json, list);
        while (containers.next()) {
            int ready = JsonScanner.find(json, containers.start(), READY);
            if (ready < 0 || json[ready] != 't') {
                return false;
            }
        }
        return !condition(body, "Ready").equals("False");
    }

    private static byte node(Body body) {
        if (!condition(body, "Ready").equals("True")) {
            return FAILED;
        }
        for (String pressure : new String[] {"MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"}) {
            if (condition(body, pressure).equals("True")) {
                return WARNING;
            }
        }
        return OK;
    }

    private static byte workload(Body body, boolean rollsOut) {
        if (condition(body, "Progressing").equals("False")
                || condition(body, "ReplicaFailure").equals("True")) {
            return FAILED;
        }
        long wanted = number(body, REPLICAS, 1);
        byte health = counted(wanted, number(body, READY_REPLICAS, 0));
        if (health == OK && rollsOut && number(body, UPDATED_REPLICAS, 0) < wanted) {
            return PROGRESSING;
        }
        return health == PROGRESSING && condition(body, "Available").equals("False") ? WARNING : health;
    }

    private static byte counted(long wanted, long ready) {
        return ready >= wanted ? OK : PROGRESSING;
    }

    private static byte job(Body body) {
        if (condition(body, "Failed").equals("True")) {
            return FAILED;
        }
        return condition(body, "Complete").equals("True") ? DONE : PROGRESSING;
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
    private static byte byConditions(Body body) {
        for (String type : new String[] {"Ready", "Available"}) {
            String status = condition(body, type);
            if (!status.isEmpty()) {
                return status.equals("True") ? OK : status.equals("False") ? WARNING : PROGRESSING;
            }
        }
        return NONE;
    }

    private static String condition(Body body, String name) {
        byte[] json = body.bytes();
        int list = JsonScanner.find(json, 0, CONDITIONS);
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

    private static long number(Body body, byte[][] path, long otherwise) {
        String text = body.text(path);
        return text.matches("\\d{1,9}") ? Long.parseLong(text) : otherwise;
    }
}
