/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.api;

import java.io.IOException;

/** The API server answered, but not with what was asked for. */
public final class RefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final long retryAfter;

    public RefusedException(String path, int status, String message, long retryAfter) {
        super(message + " (" + path + ", status " + status + ")");
        this.status = status;
        this.retryAfter = retryAfter;
    }

    public int status() {
        return status;
    }

    /** Seconds the server asked to wait; 0 if it did not. */
    public long retryAfter() {
        return retryAfter;
    }

    /** Whether the caller may not do this: credentials or permissions. */
    public boolean isForbidden() {
        return status == 401 || status == 403;
    }

    /** Whether the version asked for is not there any more. */
    public boolean isGone() {
        return status == 410;
    }
}
