/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.masking.Masking;
import dev.traversion.snapshotter.documents.DocumentRecorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A must-gather or a dump that has been read, ready to be written: the state of a cluster at one moment, and the Events before it.
 * For one thread.
 */
final class StateImport implements ClusterImport {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    /** A change and its time, ns. */
    private record Planned(long time, Kind kind, Found found) {}

    private final Spool spool;
    private final ImportReport report;
    private final StateReader state;
    private final List<Kind> kinds;
    private final List<Planned> changes = new ArrayList<>();
    private final String clusterId;
    private final long time;

    private StateImport(Spool spool, StateReader state, ImportReport report, Instant at, String cluster) {
        this.spool = spool;
        this.state = state;
        this.report = report;
        long known =
                at != null ? Times.nanos(at) : state.timestamp() != Found.UNKNOWN ? state.timestamp() : state.newest();
        // Moments are shown, and asked for, in milliseconds.
        this.time = known == Found.UNKNOWN ? known : known - Math.floorMod(known, MILLISECOND);
        this.kinds = new Versions(state, report).kinds();
        this.clusterId = cluster.isEmpty() ? ownClusterId() : cluster;
        plan();
    }

    /** Empty if the source holds no such archive. */
    static Optional<StateImport> read(
            Path source, Instant at, String cluster, Masking masking, Path work, ImportProgress progress)
            throws IOException {
        Spool spool = new Spool(work);
        try {
            ImportReport report = new ImportReport();
            StateReader state = new StateReader(masking, spool, report, progress);
            try {
                Source.walk(source, state);
            } catch (IOException e) {
                throw new TraversionException(
                        source + " is damaged or cut short: " + Failures.describe(e) + ". It could be read up to "
                                + (state.path().isEmpty() ? "its first file" : state.path())
                                + "; nothing was imported. Copy it again.",
                        e);
            }
            if (state.origin().isEmpty()) {
                spool.close();
                return Optional.empty();
            }
            if (state.found().isEmpty()) {
                throw new TraversionException(source + " holds no objects"
                        + (report.damaged().isEmpty()
                                ? ""
                                : ", and not all could be read: "
                                        + report.damaged().getFirst())
                        + ". " + Source.ACCEPTED);
            }
            StateImport read = new StateImport(spool, state, report, at, cluster);
            if (read.time == Found.UNKNOWN) {
                throw new TraversionException(source
                        + " does not tell when it was made. Say so with --at, such as --at 2026-01-31T14:03:22Z.");
            }
            return Optional.of(read);
        } catch (RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    @Override
    public String clusterId() {
        return clusterId;
    }

    /** The moment whose state it is, ns. */
    long time() {
        return time;
    }

    /** The first moment of which something is known, ns. */
    long start() {
        return changes.isEmpty() ? time - SECOND : Math.min(changes.getFirst().time(), time - SECOND);
    }

    /** {@code must-gather}, or what else it is. */
    String origin() {
        return state.origin();
    }

    @Override
    public String summary() {
        long objects = 0;
        long events = 0;
        int present = 0;
        for (Map.Entry<ResourceType, Integer> each : report.objects().entrySet()) {
            boolean isEvent = each.getKey().resource().equals("events");
            objects += isEvent ? 0 : each.getValue();
            events += isEvent ? each.getValue() : 0;
            present += each.getValue() > 0 ? 1 : 0;
        }
        return String.format(
                Locale.ROOT,
                "a %s of cluster %s at %s: %,d objects and %,d Events of %d kinds, from %s on.%n"
                        + "Read %,d files with objects; passed over %,d without (logs, reports); %,d objects were there more than"
                        + " once.",
                origin(),
                clusterId,
                text(time),
                objects,
                events,
                present,
                text(start()),
                report.filesRead(),
                report.filesPassedOver(),
                report.repeated());
    }

    private static String text(long nanos) {
        return Times.instant(nanos).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @Override
    public ImportReport report() {
        return report;
    }

    /** The namespace kube-system's UID, as for every recording; else something that stays the same for the same cluster. */
    private String ownClusterId() {
        if (!state.systemUid().isEmpty()) {
            return state.systemUid();
        }
        TreeSet<String> identity = new TreeSet<>(state.nodeUids());
        if (identity.isEmpty()) {
            state.found().values().forEach(found -> identity.add(found.id() + " " + found.uid()));
        }
        return UUID.nameUUIDFromBytes(String.join("\n", identity).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** Puts everything in the order of time: Events when they last happened, all else just before the moment. */
    private void plan() {
        long instant = time - SECOND;
        for (Kind kind : kinds) {
            report.objects(kind.names().type(), kind.objects().size());
            if (kind.names().kind().equals("Event")) {
                planEvents(kind);
            }
        }
        changes.sort(Comparator.comparingLong(Planned::time));
        for (Kind kind : kinds) {
            if (!kind.names().kind().equals("Event")) {
                for (Found found : kind.objects()) {
                    changes.add(new Planned(++instant, kind, found));
                }
            }
        }
    }

    private void planEvents(Kind kind) {
        List<Found> events = new ArrayList<>(kind.objects());
        events.sort(Comparator.comparingLong(Found::lastSeen));
        events.sort((left, right) -> ResourceVersions.compare(left.resourceVersion(), right.resourceVersion()));
        long before = Long.MIN_VALUE;
        for (Found event : events) {
            long seen = event.lastSeen() == Found.UNKNOWN ? time : event.lastSeen();
            before = Math.max(before + 1, Math.min(seen, time - SECOND));
            changes.add(new Planned(before, kind, event));
        }
    }

    @Override
    public void writeTo(RecordingSink sink) throws IOException, InterruptedException {
        long start = start();
        String reason = "imported from a " + origin() + " of "
                + Times.instant(time).truncatedTo(ChronoUnit.SECONDS) + ": only that moment is known";
        String newest = newestVersion();
        mark(sink, CoverageMark.Kind.GAP, start, "", reason);
        for (Planned change : changes) {
            sink.append(change(change));
        }
        writeDocuments(sink);
        mark(sink, CoverageMark.Kind.OPENED, time, newest, "");
        mark(sink, CoverageMark.Kind.CLOSED, time + 1, newest, reason);
    }

    private Change change(Planned planned) throws IOException {
        Found found = planned.found();
        Kind kind = planned.kind();
        byte[] body = Bodies.in(
                spool.read(found.offset(), found.length()),
                found.id().apiVersion(),
                found.id().kind().kind(),
                kind.apiVersion(),
                kind.names().custom());
        ObjectKey key = new ObjectKey(
                kind.names().type(), found.id().namespace(), found.id().name());
        return new Change(
                key, kind.names().kind(), found.uid(), found.resourceVersion(), planned.time(), Operation.ADDED, body);
    }

    private void mark(RecordingSink sink, CoverageMark.Kind what, long at, String version, String reason)
            throws InterruptedException {
        for (Kind kind : kinds) {
            sink.mark(new CoverageMark(kind.names().type(), what, at, version, reason));
        }
        sink.mark(new CoverageMark(DocumentRecorder.TYPE, what, at, "1", reason));
        if (what == CoverageMark.Kind.GAP) {
            for (ResourceNames names : unlisted()) {
                sink.mark(new CoverageMark(names.type(), what, at, "", "the " + origin() + " holds none of them"));
            }
        }
    }

    /** Custom resources that the cluster had, and the archive says nothing of. */
    private List<ResourceNames> unlisted() {
        Map<ResourceType, ResourceNames> unlisted = new TreeMap<>();
        for (KindName name : state.catalog().defined()) {
            ResourceNames names = state.catalog().names(name);
            unlisted.put(names.type(), names);
        }
        kinds.forEach(kind -> unlisted.remove(kind.names().type()));
        return List.copyOf(unlisted.values());
    }

    private void writeDocuments(RecordingSink sink) throws InterruptedException {
        DiscoveryDocument discovery = new DiscoveryDocument();
        for (Kind kind : kinds) {
            discovery.add(kind.names(), state.catalog().definedVersions(kind.name()));
            discovery.add(kind.names(), Set.of(KindName.version(kind.apiVersion())));
        }
        for (ResourceNames names : unlisted()) {
            discovery.add(
                    names,
                    state.catalog().definedVersions(new KindName(names.type().group(), names.kind())));
        }
        Map<String, byte[]> documents = new LinkedHashMap<>();
        documents.put("api;as=APIGroupDiscoveryList", discovery.list(true));
        documents.put("apis;as=APIGroupDiscoveryList", discovery.list(false));
        documents.put("version", DiscoveryDocument.version(state.kubeletVersions()));
        long instant = time - SECOND;
        int version = 0;
        for (Map.Entry<String, byte[]> document : documents.entrySet()) {
            if (document.getValue().length > 0) {
                ObjectKey key = new ObjectKey(DocumentRecorder.TYPE, "", document.getKey());
                String number = Integer.toString(++version);
                sink.append(new Change(key, "Document", "", number, ++instant, Operation.ADDED, document.getValue()));
            }
        }
    }

    /** The newest version of all: the archive was complete then. */
    private String newestVersion() {
        String newest = "";
        for (Found found : state.found().values()) {
            String version = found.resourceVersion();
            boolean isNewer = newest.isEmpty() || ResourceVersions.compare(version, newest) > 0;
            newest = ResourceVersions.isNumeric(version) && isNewer ? version : newest;
        }
        return newest;
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
