/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

/** A failure a user can act on. The message says what failed, on what, and what to do; it is shown without a stack trace. */
public class TraversionException extends RuntimeException {

    public TraversionException(String message) {
        super(message);
    }

    public TraversionException(String message, Throwable cause) {
        super(message, cause);
    }
}
