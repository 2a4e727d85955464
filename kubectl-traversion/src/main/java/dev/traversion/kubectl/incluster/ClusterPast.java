/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.incluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.kubeconfig.MomentContext;
import dev.traversion.kubectl.state.StateDirectory;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.Recorded;
import dev.traversion.kubectl.time.TimeParser;
import dev.traversion.kubectl.time.TimeResolver;
import dev.traversion.rewind.tls.ClientIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** The past of the cluster that kubectl works on, from the server that runs in it, with the user's own rights. */
public final class ClusterPast {

    /** As long as the server takes a pass for valid. */
    private static final Duration VALIDITY = Duration.ofHours(4);

    private final LiveKubectl kubectl;
    private final Kubeconfigs files;
    private final RewindService service;
    private final StateDirectory state;

    private ClusterPast(LiveKubectl kubectl, Kubeconfigs files, RewindService service, StateDirectory state) {
        this.kubectl = kubectl;
        this.files = files;
        this.service = service;
        this.state = state;
    }

    /**
     * Looks for the server.
     *
     * @return empty if there is none, or the cluster does not answer
     */
    public static Optional<ClusterPast> find(
            Path kubectl, Kubeconfigs files, StateDirectory state, Map<String, String> environment) throws IOException {
        if (!files.exist()) {
            return Optional.empty();
        }
        LiveKubectl live = new LiveKubectl(kubectl, files);
        return RewindService.find(live, environment).map(service -> new ClusterPast(live, files, service, state));
    }

    /** Ends what was left running in the background. */
    public static void leave(StateDirectory state) throws IOException {
        new Forward(state).stop();
    }

    /** A moment that was found. */
    public record Found(MomentContext context, Instant instant) {}

    /**
     * A context for a moment.
     *
     * @throws TraversionException if the server cannot be reached, refuses, or knows nothing of the moment
     */
    public Found at(String time, ZoneId zone) throws IOException {
        ClientIdentity identity = pass();
        Connection connection = service.url().isEmpty()
                ? Connection.pinned(new Forward(state).start(kubectl, service), identity)
                : new Connection(service.url(), service.authority(), "", identity);
        JsonNode cluster = connection.clusters().path("clusters").path(0);
        Instant instant =
                new TimeResolver(Clock.systemUTC(), zone).resolve(TimeParser.parse(time), new Extent(cluster));
        String name = files.liveContext().or(files::currentContext).orElse("cluster");
        return new Found(
                new MomentContext(
                        name + "@" + MomentText.brief(instant, Instant.now()),
                        connection.url() + "/clusters/" + cluster.path("id").asText() + "/at/" + instant,
                        connection.authority(),
                        MomentContext.Login.byKey(identity.certificate(), identity.key(), connection.serverName()),
                        files.namespace(files.liveContext().orElse("")).orElse("")),
                instant);
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

    /** How far the recording reaches. */
    private record Extent(JsonNode cluster) implements Recorded {

        @Override
        public Instant start() {
            return Instant.parse(cluster.path("start").asText());
        }

        @Override
        public Instant end() {
            return Instant.parse(cluster.path("end").asText());
        }

        @Override
        public String reasonBefore(Instant instant) {
            return "";
        }

        @Override
        public boolean live() {
            return cluster.path("live").asBoolean();
        }

        @Override
        public Instant beforeChange(String type, String name, int nth) {
            throw new TraversionException("Times of objects (" + type + "/" + name + "~" + nth
                    + ") are known where the recording is: name it with --from, or give a time of the clock.");
        }
    }
}
