/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.incluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.FirstMoment;
import dev.traversion.analysis.Scope;
import dev.traversion.analysis.diff.DiffReader;
import dev.traversion.analysis.diff.MomentDiff;
import dev.traversion.analysis.diff.ObjectDiff;
import dev.traversion.analysis.timeline.Timeline;
import dev.traversion.analysis.timeline.TimelineDocument;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.reads.ReadRecord;
import dev.traversion.archive.store.Store;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.kubeconfig.MomentContext;
import dev.traversion.kubectl.play.Film;
import dev.traversion.kubectl.server.TypeNames;
import dev.traversion.kubectl.state.StateDirectory;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeExpression;
import dev.traversion.kubectl.time.TimeResolver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The past of the cluster that kubectl works on, from the server that runs in it, with the user's own rights. */
public final class ClusterPast {

    private static final int NAME_LENGTH = 16;

    private final LiveKubectl kubectl;
    private final Path cache;
    private final Connection connection;
    private final JsonNode cluster;

    private ClusterPast(LiveKubectl kubectl, Path cache, Session.Opened opened) {
        this.kubectl = kubectl;
        this.cache = cache;
        this.connection = opened.connection();
        this.cluster = opened.cluster();
    }

    /**
     * Looks for the server.
     *
     * @param context {@code ""} for the current one
     * @param isElseKnown whether there is a recording to ask if no server is found
     * @return empty if there is none, or the cluster does not answer
     * @throws TraversionException if there is one, and it cannot be reached, or refuses
     */
    public static Optional<ClusterPast> find(
            Path kubectl,
            Kubeconfigs files,
            String context,
            StateDirectory state,
            Map<String, String> environment,
            boolean isElseKnown)
            throws IOException {
        if (!files.exist()) {
            return Optional.empty();
        }
        LiveKubectl live = new LiveKubectl(kubectl, files, context);
        String name = live.context().orElse("").replaceAll("[^A-Za-z0-9]+", "-") + "-"
                + RewindService.namespace(environment) + "-"
                + files.fingerprint().substring(0, NAME_LENGTH);
        Session session = new Session(live, state, name);
        return session.open(environment, isElseKnown).map(opened -> new ClusterPast(live, session.cache(), opened));
    }

    /** Ends what was left running in the background. */
    public static void leave(StateDirectory state) throws IOException {
        Session.closeAll(state);
    }

    /** What kubectl may remember of moments there. */
    public Path cache() {
        return cache;
    }

    /** The first instant recorded. */
    public Instant start() {
        return Instant.parse(cluster.path("start").asText());
    }

    /**
     * The instant a time means.
     *
     * @param namespace of the object it may name; {@code ""} for the default one
     * @throws TraversionException if nothing is known of it
     */
    public Instant resolve(TimeExpression time, ZoneId zone, String namespace) {
        String place = namespace.isEmpty() ? kubectl.namespace() : namespace;
        return new TimeResolver(Clock.systemUTC(), zone)
                .resolve(time, new ServedExtent(this, cluster, place.isEmpty() ? "default" : place));
    }

    /** The id of the cluster. */
    public String id() {
        return cluster.path("id").asText();
    }

    /** A connection to something of the server's, not yet opened. */
    public HttpURLConnection to(String pathAndQuery) throws IOException {
        return connection.to(pathAndQuery);
    }

    /** A context for a moment. */
    public MomentContext context(Instant instant) {
        return new MomentContext(
                name(instant),
                connection.url() + path("at", instant.toString()),
                connection.authority(),
                login(),
                kubectl.namespace());
    }

    private String path(String... steps) {
        return "/clusters/" + cluster.path("id").asText() + "/" + String.join("/", steps);
    }

    /**
     * What a TARGET means.
     *
     * @param target everything if {@code ""}
     * @throws TraversionException if there is no such resource
     */
    public Scope scope(String target, String namespace, Instant at) throws IOException {
        if (target.isEmpty()) {
            return new Scope(Set.of(), namespace, "");
        }
        int slash = target.indexOf('/');
        String typeName = slash < 0 ? target : target.substring(0, slash);
        Set<ResourceType> types = types(at).find(typeName);
        if (types.isEmpty()) {
            throw ServedExtent.unknown(typeName);
        }
        return new Scope(types, namespace, slash < 0 ? "" : target.substring(slash + 1));
    }

    TypeNames types(Instant at) throws IOException {
        return new TypeNames(List.of(
                connection.get(path("at", at.toString(), "api")).json(),
                connection.get(path("at", at.toString(), "apis")).json()));
    }

    /** When the latest versions of an object were observed, oldest first: {@code versions, omitted}. */
    JsonNode versions(ResourceType type, String namespace, String name, int limit) throws IOException {
        return connection
                .get(path("versions", start().toString(), cluster.path("end").asText())
                        + query(new Scope(Set.of(type), namespace, name)) + "&limit=" + limit)
                .json();
    }

    /**
     * Compares two moments.
     *
     * @param isWhole whether the bodies of the objects are wanted
     * @param warnings told, before any difference, what was not observed
     */
    public MomentDiff diff(
            Instant from,
            Instant to,
            Scope scope,
            boolean isWhole,
            Consumer<List<String>> warnings,
            Consumer<ObjectDiff> differences)
            throws IOException {
        try (Connection.Answer answer = connection.get(
                path("diff", from.toString(), to.toString()) + query(scope) + (isWhole ? "&bodies=true" : ""))) {
            warnings.accept(answer.warnings());
            return DiffReader.read(answer.body(), differences);
        }
    }

    /** What happened. */
    public Timeline timeline(Instant from, Instant to, Scope scope, boolean tree, int limit) throws IOException {
        return TimelineDocument.read(connection
                .get(path("timeline", from.toString(), to.toString()) + query(scope) + "&limit=" + limit
                        + (tree ? "&tree=true" : ""))
                .json());
    }

    /** The cause of what is wrong with an object, or what was wrong if the scope names none. */
    public JsonNode why(Instant from, Instant to, Scope scope) throws IOException {
        return connection
                .get(path("why", from.toString(), to.toString()) + query(scope))
                .json();
    }

    /** What the server has for the console: an endpoint of a cluster's, see its {@code openapi.json}; without what is {@code ""}. */
    public JsonNode console(String endpoint, Map<String, String> query) throws IOException {
        String parameters = query.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(each -> each.getKey() + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
        return connection
                .get("/console/api" + path(endpoint) + "?" + parameters)
                .json();
    }

    /** When a condition, as for kubectl wait, was first met; empty if it never was. */
    public Optional<FirstMoment> first(Instant from, Instant to, Scope scope, String condition) throws IOException {
        JsonNode met = connection
                .get(path("first", from.toString(), to.toString()) + query(scope) + "&condition=" + encoded(condition))
                .json();
        return met.has("at")
                ? Optional.of(new FirstMoment(
                        Times.nanos(Instant.parse(met.path("at").asText())),
                        new ObjectKey(
                                new ResourceType(
                                        met.path("group").asText(),
                                        met.path("resource").asText()),
                                met.path("namespace").asText(),
                                met.path("name").asText())))
                : Optional.empty();
    }

    /** How completely the cluster is being recorded, as {@link dev.traversion.analysis.status.StatusDocument} has it. */
    public JsonNode status(Duration back) throws IOException {
        return connection
                .get(path("status") + "?seconds=" + Math.max(1, back.toSeconds()))
                .json();
    }

    /**
     * Who read what.
     *
     * @param user {@code ""} for all
     * @param resource {@code ""} for all
     * @param damages told of what is not as it was written
     */
    public void reads(
            Optional<Instant> since,
            Optional<Instant> until,
            String user,
            String resource,
            Consumer<ReadRecord> visitor,
            Consumer<String> damages)
            throws IOException {
        String question = path("reads") + "?user=" + encoded(user) + "&resource=" + encoded(resource)
                + since.map(time -> "&since=" + time).orElse("")
                + until.map(time -> "&until=" + time).orElse("");
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(connection.get(question).body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode each = json.readTree(line);
                if (each.has("damages")) {
                    each.path("damages").forEach(damage -> damages.accept(damage.asText()));
                } else {
                    visitor.accept(json.treeToValue(each, ReadRecord.class));
                }
            }
        }
    }

    /** What retention keeps: {@code name, from, to, hold, reason, created} of each. */
    public JsonNode pins() throws IOException {
        return connection.get(path("pins")).json().path("pins");
    }

    /**
     * Lets the server read the whole recording.
     *
     * @param progress told now and then what it reads
     * @return see {@link dev.traversion.archive.verify.VerifyDocument}
     * @throws TraversionException if it refuses, or could not read to the end
     */
    public ObjectNode check(Consumer<String> progress) throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(connection.get(path("check")).body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode each = json.readTree(line);
                if (each.has("report")) {
                    return (ObjectNode) each.path("report");
                }
                progress.accept(each.path("reading").asText());
            }
        } catch (IOException e) {
            throw unchecked(e);
        }
        throw unchecked(null);
    }

    private static TraversionException unchecked(IOException cause) {
        return new TraversionException(
                "The server of the past did not read the recording to its end, so nothing is known of it. Try again, or read"
                        + " it from here: kubectl traversion verify s3://BUCKET/PREFIX. Why is in its log: kubectl logs -n "
                        + "traversion-system -l app.kubernetes.io/component=rewind",
                cause);
    }

    /** The files of the recording, for those who may read everything; it needs not be closed. */
    public Store files() {
        return new ServedFiles(connection, id());
    }

    /** Writes a stretch to a file that does not exist; gives the number of versions in it. */
    public long export(Instant from, Instant to, Path file) throws IOException {
        try (Connection.Answer answer = connection.get(path("export", from.toString(), to.toString()))) {
            Files.copy(answer.body(), file);
            return Long.parseLong(answer.header("Traversion-Versions"));
        }
    }

    /**
     * Leads to a film, which is this user's alone.
     *
     * @param film seconds shown in a second, and after a semicolon its name
     */
    public Film.Server film(Instant from, Instant to, String film) {
        return below -> to(path("play", from.toString(), to.toString(), film) + below);
    }

    /**
     * The context of a film.
     *
     * @param name of the context
     * @param namespace {@code ""} for the user's own
     */
    public MomentContext film(Instant from, Instant to, String film, String name, String namespace) {
        return new MomentContext(
                name,
                connection.url() + path("play", from.toString(), to.toString(), film),
                connection.authority(),
                login(),
                namespace.isEmpty() ? kubectl.namespace() : namespace);
    }

    /** What contexts of moments there are called. */
    public String name(Instant instant) {
        return kubectl.context().orElse("cluster") + "@" + MomentText.brief(instant, Instant.now());
    }

    private MomentContext.Login login() {
        return MomentContext.Login.byKey(
                connection.identity().certificate(), connection.identity().key(), connection.serverName());
    }

    /** The instant that is the end of what is recorded. */
    public Instant end() {
        return Instant.parse(cluster.path("end").asText());
    }

    private static String query(Scope scope) {
        return "?resource="
                + encoded(scope.types().stream().map(ResourceType::toString).collect(Collectors.joining(",")))
                + "&namespace=" + encoded(scope.namespace()) + "&name=" + encoded(scope.name());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
