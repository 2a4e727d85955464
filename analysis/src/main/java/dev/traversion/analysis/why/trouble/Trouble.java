/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Version;
import java.util.List;

/**
 * Something that was wrong with an object for a while.
 *
 * @param about the object, as it was while it was so
 * @param container of a pod; {@code ""} if it is not one container's
 * @param text what the cluster said of it
 * @param from ns
 * @param to ns; {@link Long#MAX_VALUE} if it still was so at the end of the window
 */
public record Trouble(
        What what, Version about, String container, String text, long from, long to, List<Evidence> evidence) {

    /** Kinds of trouble, the worst first. */
    public enum What {
        NODE_NOT_READY,
        SERVICE_GONE,
        NO_ENDPOINTS,
        ENDPOINTS_STALE,
        BACKEND_UNSERVED,
        NODE_PRESSURE,
        CREATE_REFUSED,
        EVICTED,
        TAINT_EVICTED,
        PREEMPTED,
        OUT_OF_MEMORY,
        MEMORY_GROWS,
        THROTTLED,
        START_FAILED,
        CONFIG_MISSING,
        IMAGE_UNAVAILABLE,
        LIVENESS_FAILED,
        STARTUP_FAILED,
        CRASHED,
        JOB_FAILED,
        READINESS_FAILED,
        ANSWERS_ERRORS,
        MOUNT_FAILED,
        UNSCHEDULABLE,
        HELD_BACK,
        INIT_UNFINISHED,
        JOB_UNFINISHED,
        CLAIM_PENDING,
        PORT_UNSERVED,
        NODE_LOST,
        TERMINATING,
        GONE,
        SCALED_TO_ZERO,
        SUSPENDED,
        ROLLOUT_PAUSED,
        ROLLOUT_HELD,
        ROLLOUT_PARTITIONED,
        READY_TOO_SHORT,
        FITS_NO_NODE,
        SCALING_FAILED,
        SCALING_LIMITED,
        DISRUPTION_BLOCKED,
        PROTECTS_NOBODY,
        CONDITION_FALSE
    }

    public boolean lasts() {
        return to == Long.MAX_VALUE;
    }

    /** The same, but over. */
    Trouble until(long end) {
        return new Trouble(what, about, container, text, from, end, evidence);
    }

    /** What makes two troubles of different pods the same one. */
    public String sameness() {
        return what + "/" + container;
    }
}
