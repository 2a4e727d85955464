/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.store;

import java.io.IOException;

/** A store has no room, or a quota is used up. */
public final class StoreFullException extends IOException {

    private static final long serialVersionUID = 1L;

    StoreFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
