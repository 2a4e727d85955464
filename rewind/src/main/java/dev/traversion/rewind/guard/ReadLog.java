/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.guard;

import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.access.User;
import dev.traversion.rewind.http.Exchange;

/** Puts reads on record. */
@FunctionalInterface
public interface ReadLog {

    /**
     * Returns when the record is where nothing can happen to it.
     *
     * @param caller who logged in
     * @param user as whom they read: the same, unless they impersonate somebody
     * @param refusal why it was refused; {@code ""} if it was not
     * @throws dev.traversion.rewind.http.StatusFailure 503 if it cannot be put there
     */
    void record(User caller, User user, Exchange exchange, Read read, String refusal);
}
