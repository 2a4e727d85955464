/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.guard;

import dev.traversion.archive.reads.ReadChain;
import dev.traversion.archive.reads.ReadRecord;
import dev.traversion.rewind.Moment;
import dev.traversion.rewind.access.Past;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.access.User;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;

/** Puts reads on record in the recording that is read, before anything of it is shown. */
public final class ChainedReadLog implements ReadLog {

    private static final int LONGEST_AGENT = 256;

    private final Map<String, ReadChain> chains;
    private final Clock clock;

    /** @param chains by cluster, for all that are served */
    public ChainedReadLog(Map<String, ReadChain> chains, Clock clock) {
        this.chains = Map.copyOf(chains);
        this.clock = clock;
    }

    @Override
    public void record(User caller, User user, Exchange exchange, Read read, String refusal) {
        switch (read) {
            case Read.Own _ -> {}
            case Read.Document document ->
                append(
                        document.past(),
                        record(caller, user, exchange, document.past(), "get", "", "", "", "", refusal));
            case Read.Objects objects ->
                append(
                        objects.past(),
                        record(
                                caller,
                                user,
                                exchange,
                                objects.past(),
                                objects.verb(),
                                objects.type().toString(),
                                objects.subresource(),
                                objects.namespace(),
                                objects.name(),
                                refusal));
        }
    }

    private ReadRecord record(
            User caller,
            User user,
            Exchange exchange,
            Past past,
            String verb,
            String resource,
            String subresource,
            String namespace,
            String name,
            String refusal) {
        String agent = exchange.header("User-Agent");
        return new ReadRecord(
                clock.instant().toString(),
                user.name(),
                user.groups(),
                caller.name(),
                verb,
                resource,
                subresource,
                namespace,
                name,
                Moment.format(past.from()),
                Moment.format(past.to()),
                exchange.pathAndQuery(),
                refusal.isEmpty(),
                refusal,
                exchange.remoteAddress(),
                agent.substring(0, Math.min(LONGEST_AGENT, agent.length())));
    }

    private void append(Past past, ReadRecord record) {
        try {
            chains.get(past.history().clusterId()).append(record);
        } catch (IOException e) {
            System.getLogger(ChainedReadLog.class.getName())
                    .log(System.Logger.Level.WARNING, "a read was refused since it cannot be put on record", e);
            throw StatusFailure.unavailable("this read cannot be put on record, so nothing is shown: the store of the"
                    + " recording takes no writes; ask who runs Traversion to look at it");
        }
    }
}
