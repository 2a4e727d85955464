/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.masking.Masking;
import dev.traversion.snapshotter.documents.DocumentRecorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Audit logs that have been read, ready to be written: every version they tell of, and no claim that there were no others. */
final class AuditImport implements ClusterImport {

    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    /** A version with the instant at which it counts as observed, ns. */
    private record Planned(long at, ResourceNames names, AuditVersion version, boolean isFirst) {}

    private final Spool spool;
    private final ImportReport report;
    private final AuditReader log;
    private final String clusterId;
    private final Map<KindName, String> apiVersions;
    private final List<Planned> changes = new ArrayList<>();

    private AuditImport(Spool spool, ImportReport report, AuditReader log, String cluster) {
        this.spool = spool;
        this.report = report;
        this.log = log;
        this.clusterId = !cluster.isEmpty()
                ? cluster
                : !log.systemUid().isEmpty()
                        ? log.systemUid()
                        : UUID.nameUUIDFromBytes(log.firstId().getBytes(StandardCharsets.UTF_8))
                                .toString();
        this.apiVersions = mostFrequent();
        plan();
    }

    /** Empty if the source holds no audit log. */
    static Optional<AuditImport> read(Path source, String cluster, Masking masking, Path work, ImportProgress progress)
            throws IOException {
        Spool spool = new Spool(work);
        try {
            ImportReport report = new ImportReport();
            AuditReader log = new AuditReader(masking, spool, report, progress);
            Source.walk(source, log);
            if (log.requests() == 0) {
                spool.close();
                return Optional.empty();
            }
            if (log.versions().isEmpty()) {
                throw new TraversionException(source + " is an audit log of " + log.requests()
                        + " requests, but without the objects they were about. Its policy must log them at the level"
                        + " RequestResponse.");
            }
            return Optional.of(new AuditImport(spool, report, log, cluster));
        } catch (IOException | RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    /** The API version in which the objects of each kind are recorded. */
    private Map<KindName, String> mostFrequent() {
        Map<KindName, Map<String, Integer>> counts = new TreeMap<>();
        for (AuditVersion version : log.versions()) {
            counts.computeIfAbsent(version.id().kind(), _ -> new TreeMap<>())
                    .merge(version.id().apiVersion(), 1, Integer::sum);
        }
        Map<KindName, String> chosen = new HashMap<>();
        counts.forEach((kind, versions) -> chosen.put(
                kind,
                versions.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .orElseThrow()
                        .getKey()));
        return chosen;
    }

    /** Puts the versions of each object in the order of resourceVersion, which is not quite that of the log. */
    private void plan() {
        Map<ResourceType, List<AuditVersion>> types = new TreeMap<>();
        Map<String, Integer> leftOut = new TreeMap<>();
        for (AuditVersion version : log.versions()) {
            KindName kind = version.id().kind();
            boolean isServed = version.id().apiVersion().equals(apiVersions.get(kind))
                    || log.catalog().convertsByName(kind);
            if (isServed) {
                types.computeIfAbsent(log.catalog().names(kind).type(), _ -> new ArrayList<>())
                        .add(version);
            } else {
                leftOut.merge(kind + " in " + version.id().apiVersion(), 1, Integer::sum);
            }
        }
        leftOut.forEach((what, count) -> report.leftOut(
                count + " versions of " + what + ": most are in another, and only the API server can convert them"));
        types.forEach(this::plan);
        changes.sort(Comparator.comparingLong(Planned::at));
    }

    private void plan(ResourceType type, List<AuditVersion> versions) {
        Map<String, List<AuditVersion>> objects = new TreeMap<>();
        for (AuditVersion version : versions) {
            objects.computeIfAbsent(
                            version.id().namespace() + "/" + version.id().name(), _ -> new ArrayList<>())
                    .add(version);
        }
        List<Planned> planned = new ArrayList<>();
        objects.values().forEach(object -> planObject(object, planned));
        planned.sort(Comparator.comparingLong(Planned::at));
        long before = Long.MIN_VALUE;
        for (Planned each : planned) {
            before = Math.max(before + 1, each.at());
            changes.add(new Planned(before, each.names(), each.version(), each.isFirst()));
        }
        report.objects(type, objects.size());
    }

    private void planObject(List<AuditVersion> versions, List<Planned> planned) {
        versions.sort(AuditVersion::byVersion);
        AuditVersion last = null;
        long at = Long.MIN_VALUE;
        for (AuditVersion version : versions) {
            if (last == null || !version.resourceVersion().equals(last.resourceVersion())) {
                at = Math.max(at, version.time());
                boolean isFirst = last == null || last.deleted();
                planned.add(new Planned(at, log.catalog().names(version.id().kind()), version, isFirst));
                last = version;
            }
        }
    }

    @Override
    public String clusterId() {
        return clusterId;
    }

    @Override
    public ImportReport report() {
        return report;
    }

    @Override
    public String summary() {
        int objects =
                report.objects().values().stream().mapToInt(Integer::intValue).sum();
        return String.format(
                Locale.ROOT,
                "an audit log of cluster %s: %,d versions of %,d objects of %d kinds, from %s to %s.%n"
                        + "Read %,d requests; of %,d the log does not hold the objects.",
                clusterId,
                changes.size(),
                objects,
                report.objects().size(),
                text(changes.getFirst().at()),
                text(changes.getLast().at()),
                log.requests(),
                log.withoutBody());
    }

    private static String text(long nanos) {
        return Times.instant(nanos).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @Override
    public void writeTo(RecordingSink sink) throws IOException, InterruptedException {
        long start = changes.getFirst().at();
        markGaps(sink, start);
        writeDocuments(sink, start);
        for (Planned change : changes) {
            sink.append(change(change));
        }
        // Moments are shown, and asked for, in milliseconds: the last one is not to lie before the last change.
        long last = changes.getLast().at();
        markGaps(sink, last - Math.floorMod(last, MILLISECOND) + MILLISECOND);
    }

    private void markGaps(RecordingSink sink, long at) throws InterruptedException {
        Set<ResourceType> types = new TreeSet<>(report.objects().keySet());
        types.add(DocumentRecorder.TYPE);
        for (ResourceType type : types) {
            sink.mark(new CoverageMark(
                    type,
                    CoverageMark.Kind.GAP,
                    at,
                    "",
                    "imported from an audit log: only what was written or read while it was kept is known"));
        }
    }

    private Change change(Planned planned) throws IOException {
        AuditVersion version = planned.version();
        Found.Id id = version.id();
        byte[] stored = spool.read(version.offset(), version.length());
        byte[] body = stored.length == 0
                ? stored
                : Bodies.in(
                        stored,
                        id.apiVersion(),
                        id.kind().kind(),
                        apiVersions.get(id.kind()),
                        planned.names().custom());
        Operation operation =
                version.deleted() ? Operation.DELETED : planned.isFirst() ? Operation.ADDED : Operation.MODIFIED;
        return new Change(
                new ObjectKey(planned.names().type(), id.namespace(), id.name()),
                id.kind().kind(),
                version.uid(),
                version.resourceVersion(),
                planned.at(),
                operation,
                body);
    }

    private void writeDocuments(RecordingSink sink, long start) throws InterruptedException {
        DiscoveryDocument discovery = new DiscoveryDocument();
        apiVersions.forEach((kind, apiVersion) -> {
            discovery.add(log.catalog().names(kind), log.catalog().definedVersions(kind));
            discovery.add(log.catalog().names(kind), Set.of(KindName.version(apiVersion)));
        });
        int number = 0;
        for (boolean core : new boolean[] {true, false}) {
            number++;
            ObjectKey key =
                    new ObjectKey(DocumentRecorder.TYPE, "", (core ? "api" : "apis") + ";as=APIGroupDiscoveryList");
            sink.append(new Change(
                    key,
                    "Document",
                    "",
                    Integer.toString(number),
                    start + number,
                    Operation.ADDED,
                    discovery.list(core)));
        }
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
