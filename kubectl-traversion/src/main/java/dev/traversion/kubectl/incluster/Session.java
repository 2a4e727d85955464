/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.incluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.state.StateDirectory;
import dev.traversion.kubectl.state.StateFile;
import dev.traversion.rewind.tls.ClientIdentity;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The way to the server in the cluster of one context, kept between commands: somebody is told to it once in a while, and a forward is
 * started once.
 */
final class Session {

    /** As long as the server takes a pass for valid. */
    private static final Duration VALIDITY = Duration.ofHours(4);

    /** How much of that is left at least for what begins now. */
    private static final Duration LEAST_LEFT = VALIDITY.dividedBy(2);

    /** How long it is remembered that there is no server, where a recording of one's own is there to be asked. */
    private static final Duration ABSENCE = Duration.ofMinutes(1);

    private static final String FOLDER = "incluster";
    private static final String CACHES = "kubectl-cache";
    private static final String FILE = ".properties";

    private final LiveKubectl kubectl;
    private final String name;
    private final Path folder;
    private final StateFile file;

    /** @param name tells it from those of other contexts and of other people of this user's */
    Session(LiveKubectl kubectl, StateDirectory state, String name) {
        this.kubectl = kubectl;
        this.name = name;
        this.folder = state.directory(FOLDER);
        this.file = new StateFile(folder.resolve(name + FILE));
    }

    /** A connection that works, and which cluster is served there. */
    record Opened(Connection connection, JsonNode cluster) {}

    /**
     * Goes the way that is known, or finds one.
     *
     * @param isElseKnown whether there is a recording to ask if no server is found
     * @return empty if there is no server
     * @throws TraversionException if there is one, and it cannot be reached, or refuses
     */
    Optional<Opened> open(Map<String, String> environment, boolean isElseKnown) throws IOException {
        try (FileChannel lock =
                FileChannel.open(folder.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Of commands that begin at once, one makes the way.
            lock.lock();
            Map<String, String> known = file.read().orElse(Map.of());
            Optional<Opened> opened = again(known);
            if (opened.isPresent()) {
                return opened;
            }
            Instant now = Instant.now();
            if (isElseKnown && now.isBefore(instant(known, "absent").plus(ABSENCE))) {
                return Optional.empty();
            }
            Optional<RewindService> service = RewindService.find(kubectl, environment);
            if (service.isEmpty()) {
                forward(known).stop();
                file.write(Map.of("absent", now.toString()));
                return Optional.empty();
            }
            return Optional.of(anew(service.get(), forward(known)));
        }
    }

    private static Optional<Opened> again(Map<String, String> known) {
        if (Instant.now().plus(LEAST_LEFT).isAfter(instant(known, "until"))) {
            return Optional.empty();
        }
        try {
            Connection connection = new Connection(
                    known.getOrDefault("url", ""),
                    known.getOrDefault("authority", ""),
                    known.getOrDefault("server-name", ""),
                    new ClientIdentity(
                            known.getOrDefault("pass", ""),
                            known.getOrDefault("key", ""),
                            known.getOrDefault("certificate", ""),
                            ""));
            return Optional.of(new Opened(connection, cluster(connection)));
        } catch (IOException | TraversionException e) {
            // The forward has ended, the server is another one, or the pass does not count any more.
            System.getLogger(Session.class.getName()).log(System.Logger.Level.DEBUG, "the known way is closed", e);
            return Optional.empty();
        }
    }

    private Opened anew(RewindService service, Forward old) throws IOException {
        ClientIdentity identity = pass();
        Instant until = Instant.now().plus(VALIDITY);
        Map<String, String> values = new TreeMap<>();
        Connection connection;
        if (service.url().isEmpty()) {
            old.stop();
            Forward forward = Forward.start(kubectl, service, folder.resolve(name + ".log"));
            values.put("port", Integer.toString(forward.port()));
            values.put("pid", Long.toString(forward.pid()));
            values.put("started", forward.started());
            try {
                connection = Connection.pinned(forward.port(), identity);
            } catch (IOException | RuntimeException e) {
                forward.stop();
                throw e;
            }
        } else {
            connection = new Connection(service.url(), service.authority(), "", identity);
        }
        values.put("url", connection.url());
        values.put("authority", connection.authority());
        values.put("server-name", connection.serverName());
        values.put("pass", identity.name());
        values.put("key", identity.key());
        values.put("certificate", identity.certificate());
        values.put("until", until.toString());
        file.write(values);
        return new Opened(connection, cluster(connection));
    }

    private static JsonNode cluster(Connection connection) throws IOException {
        return connection.get("/clusters").json().path("clusters").path(0);
    }

    private static Instant instant(Map<String, String> values, String key) {
        return Instant.parse(values.getOrDefault(key, Instant.EPOCH.toString()));
    }

    private static Forward forward(Map<String, String> values) {
        return new Forward(
                Integer.parseInt(values.getOrDefault("port", "0")),
                Long.parseLong(values.getOrDefault("pid", "0")),
                values.getOrDefault("started", ""));
    }

    /** Has the API server write down who is asking. The request is not to be signed by anybody. */
    private ClientIdentity pass() throws IOException {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        ClientIdentity identity =
                ClientIdentity.create("traversion-" + HexFormat.of().formatHex(random), Instant.now(), VALIDITY);
        LiveKubectl.Said said = kubectl.run(
                """
                apiVersion: certificates.k8s.io/v1
                kind: CertificateSigningRequest
                metadata: {name: %s}
                spec: {signerName: traversion.dev/rewind, usages: [client auth], expirationSeconds: %d, request: %s}
                """.formatted(
                        identity.name(),
                        VALIDITY.toSeconds(),
                        Base64.getEncoder().encodeToString(identity.request().getBytes(StandardCharsets.US_ASCII))),
                "create",
                "-f",
                "-");
        if (said.status() != 0) {
            throw new TraversionException("The cluster does not say who you are to its server of the past: "
                    + said.complaint() + ". It needs create on certificatesigningrequests.certificates.k8s.io.");
        }
        return identity;
    }

    /** What kubectl remembers of moments there. */
    Path cache() {
        return cache(folder.getParent(), name);
    }

    private static Path cache(Path state, String name) {
        return state.resolve(CACHES).resolve(FOLDER + "-" + name);
    }

    /** Ends all there are, and forgets them. */
    static void closeAll(StateDirectory state) throws IOException {
        Path folder = state.directory(FOLDER);
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.toList();
        }
        for (Path each : files) {
            String name = each.getFileName().toString();
            if (name.endsWith(FILE)) {
                forward(new StateFile(each).read().orElse(Map.of())).stop();
                delete(cache(state.path(), name.substring(0, name.length() - FILE.length())));
            }
            Files.deleteIfExists(each);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (Files.isDirectory(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }
}
