/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.rewind.Moment;
import dev.traversion.rewind.discovery.DiscoveryReader;
import dev.traversion.rewind.discovery.Documents;
import dev.traversion.rewind.json.GoJson;
import dev.traversion.rewind.table.TablePrinters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** A recorded cluster while it is served. Safe for concurrent use. */
public final class ServedCluster implements AutoCloseable {

    /** How far beyond the end a time may lie: clocks differ, and the end of a live recording is a moment ago. */
    private static final long TOLERANCE = 5_000_000_000L;

    private static final long EMPTY_NANOS = 10_000_000_000L;

    private static final ResourceType CORE_EVENTS = new ResourceType("", "events");
    private static final ResourceType EVENTS = new ResourceType("events.k8s.io", "events");

    private final History history;
    private final Follower follower;
    private final DiscoveryReader discovery;
    private final CustomResources customResources;
    private final Set<LandingTable> found = ConcurrentHashMap.newKeySet();
    private final Map<LandingTable, Long> empty = new ConcurrentHashMap<>();
    private final Map<String, TablePrinters> tablePrinters = new ConcurrentHashMap<>();

    public ServedCluster(History history) {
        this.history = history;
        this.follower = new Follower(history);
        this.customResources = new CustomResources(history);
        this.discovery = new DiscoveryReader(history, this::isServable, () -> hasRows(LandingTable.USAGE));
    }

    public History history() {
        return history;
    }

    public Follower follower() {
        return follower;
    }

    public DiscoveryReader discovery() {
        return discovery;
    }

    /** Whether agents have recorded anything of a table; as of late, if they had not. */
    public boolean hasRows(LandingTable table) {
        long now = System.nanoTime();
        Long asked = empty.get(table);
        if (found.contains(table) || (asked != null && now - asked < EMPTY_NANOS)) {
            return found.contains(table);
        }
        try {
            if (history.nodes().hasRows(table)) {
                found.add(table);
            } else {
                empty.put(table, now);
            }
        } catch (NoSuchFileException e) {
            // Compacted just now: so it has rows, of this table or of another; the next question finds out.
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.contains(table);
    }

    /** The CustomResourceDefinition of a type at {@code time}; empty if the type is not a custom resource. */
    public Optional<JsonNode> definition(ResourceType type, long time) {
        return customResources.definition(type, time);
    }

    /** The type under which objects are recorded: events are served in two groups and recorded in one. */
    public ResourceType storedType(ResourceType asked, long time) {
        ResourceType other = asked.equals(EVENTS) ? CORE_EVENTS : asked.equals(CORE_EVENTS) ? EVENTS : null;
        if (other == null) {
            return asked;
        }
        List<ResourceType> recorded = history.types(time);
        return !recorded.contains(asked) && recorded.contains(other) ? other : asked;
    }

    /** The printers of Tables of the API server's version at {@code time}. */
    TablePrinters tablePrinters(long time) throws IOException {
        return tablePrinters.computeIfAbsent(gitVersion(time), TablePrinters::forServer);
    }

    /** Such as {@code v1.36.4}; empty if it was not recorded. */
    public String gitVersion(long time) throws IOException {
        Optional<ObjectVersion> version = Documents.at(history, "version", time);
        return version.isEmpty()
                ? ""
                : GoJson.read(version.get().body()).path("gitVersion").asText("");
    }

    /**
     * The cluster at a moment.
     *
     * @throws TraversionException if the recording does not reach there
     */
    public View at(Moment moment) {
        return switch (moment) {
            case Moment.Now now -> {
                follower.refresh();
                yield new View(this, history, history.end(), new Unpaced(Long.MAX_VALUE, history::end));
            }
            case Moment.Fixed fixed -> {
                if (fixed.nanos() > history.end()) {
                    follower.refresh();
                }
                if (fixed.nanos() < history.start() || fixed.nanos() > history.end() + TOLERANCE) {
                    throw new TraversionException(moment + " is "
                            + (fixed.nanos() < history.start() ? "before the start" : "after the end")
                            + " of the recording of cluster " + history.clusterId() + ", which reaches from "
                            + Moment.format(history.start()) + " to " + Moment.format(history.end())
                            + "; choose a time between them");
                }
                yield new View(this, history, fixed.nanos(), new Unpaced(fixed.nanos(), fixed::nanos));
            }
        };
    }

    private boolean isServable(ResourceType type, String apiVersion, long time) throws IOException {
        Optional<StoredForm> stored = StoredForm.of(history, type, time);
        return stored.isEmpty()
                || Conversion.find(stored.get(), apiVersion, definition(type, time))
                        .isPresent();
    }

    /** What is known may be shown at once. */
    private record Unpaced(long end, LongSupplier clock) implements Pace, Pace.Viewing {

        @Override
        public Viewing begin(long instant) {
            return this;
        }

        @Override
        public boolean await(long instant, long deadline) {
            return true;
        }

        @Override
        public long now() {
            return clock.getAsLong();
        }

        @Override
        public void leave() {}
    }

    @Override
    public void close() {
        follower.close();
    }
}
