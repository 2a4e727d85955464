/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.TraversionException;

/** Others go on without this recorder: its log was {@linkplain WalFence ended}, and nothing more can be added to it. */
public final class KeptOutException extends TraversionException {

    private static final long serialVersionUID = 1L;

    public KeptOutException(String message) {
        super(message);
    }
}
