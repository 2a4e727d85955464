/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.seal.WriterClaim;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.util.Set;

/** The only recorder of a recording, as long as nobody else claims it. */
final class Alone implements CommitRight {

    private final Store store;
    private final WriterClaim claim;

    Alone(Store store, WriterClaim claim) {
        this.store = store;
        this.claim = claim;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public boolean isCommitter() {
        return true;
    }

    @Override
    public boolean commits() {
        return true;
    }

    @Override
    public boolean stillCommits() throws IOException {
        check();
        return true;
    }

    @Override
    public void check() throws IOException {
        if (!claim.isHeld()) {
            throw new CannotContinueException("Another recorder has taken over the recording in " + store.location()
                    + ". Only one may record a cluster into one place; stop the other, or record to another place.");
        }
    }

    @Override
    public long epoch() {
        return claim.epoch();
    }

    @Override
    public Set<ResourceType> awaited() {
        return Set.of();
    }

    @Override
    public void published(Set<ResourceType> types) {
        // Nobody waits.
    }
}
