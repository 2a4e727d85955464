/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

/** This recorder cannot go on, however often it tries: another one has the recording, or does not fit beside it. */
final class CannotContinueException extends TraversionException {

    private static final long serialVersionUID = 1L;

    CannotContinueException(String message) {
        super(message);
    }
}
