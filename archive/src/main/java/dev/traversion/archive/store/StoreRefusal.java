/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.store;

import dev.traversion.archive.TraversionException;

/** A store answers, and does not do what it is asked for, until somebody changes something there. */
public final class StoreRefusal extends TraversionException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Why {
        NO_BUCKET,
        WRONG_KEYS,
        NOT_ALLOWED
    }

    private final Why why;

    public StoreRefusal(Why why, String message, Throwable cause) {
        super(message, cause);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
