/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.recording.Waiting;
import dev.traversion.rewind.tls.ClientIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Who somebody is, the cluster says, and so it does who may read as somebody else. */
@Tag("access")
@UsesControlPlane
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentityIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private ControlPlane plane;
    private GuardedPast past;

    @BeforeAll
    void serve(ControlPlane shared) throws Exception {
        plane = shared;
        past = new GuardedPast(plane, directory);
    }

    @AfterAll
    void close() {
        if (past != null) {
            past.close();
        }
    }

    @Test
    void whoeverMayBeSomebodyElseReadsAsThem() throws Exception {
        past.tenant("mask", "seen-by-jane");
        String time = past.moment();
        // kubectl says of a failure of discovery only that it is unknown.
        past.at(time, "mask", "get", "configmaps", "-n", "mask");
        String[] asJane = {"get", "configmaps", "-n", "mask", "--as", "jane", "--as-group", "dev"};

        assertThat(past.at(time, "mask", asJane).err())
                .contains("users \"jane\" is forbidden: User \"system:serviceaccount:mask:reader\" cannot impersonate"
                        + " resource \"users\"");
        plane.kubectl().apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: be-jane}
                rules:
                - {apiGroups: [""], resources: [users], verbs: [impersonate], resourceNames: [jane]}
                - {apiGroups: [""], resources: [groups], verbs: [impersonate], resourceNames: [dev]}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: be-jane}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: be-jane}
                subjects: [{kind: ServiceAccount, name: reader, namespace: mask}]
                """);
        Waiting.until(PATIENCE, "she is met", () -> past.at(time, "mask", asJane)
                .err()
                .contains("User \"jane\" cannot list resource \"configmaps\""));
        plane.kubectl().output("create", "rolebinding", "jane", "-n", "mask", "--role=reader", "--group=dev");
        Waiting.until(
                PATIENCE, "she may read", () -> past.at(time, "mask", asJane).status() == 0);
        assertThat(past.at(
                                time,
                                "mask",
                                "get",
                                "configmaps",
                                "-n",
                                "mask",
                                "--as",
                                "jane",
                                "--as-group",
                                "system:masters")
                        .err())
                .contains("groups \"system:masters\" is forbidden");
        assertThat(past.reads())
                .anyMatch(read -> read.user().equals("jane")
                        && read.caller().equals("system:serviceaccount:mask:reader")
                        && read.groups().contains("dev")
                        && read.allowed());
    }

    @Test
    void peopleWithoutTokensProveWhoTheyAreByAKey() throws Exception {
        past.tenant("human", "for-humans");
        plane.kubectl().output("create", "rolebinding", "ann", "-n", "human", "--role=reader", "--group=humans");
        plane.kubectl()
                .output("create", "clusterrole", "passes", "--verb=create", "--resource=certificatesigningrequests");
        plane.kubectl().output("create", "clusterrolebinding", "passes", "--clusterrole=passes", "--group=humans");
        String time = past.moment();
        ClientIdentity ann = pass("traversion-ann", "ann");
        ClientIdentity thief = ClientIdentity.create("traversion-ann", Instant.now(), Duration.ofHours(1));

        Completed read = past.with(time, flags(ann, "ann"), "get", "configmap", "plan", "-n", "human", "-o", "yaml");
        assertThat(read.out()).as(read.err()).contains("for-humans");
        assertThat(past.reads())
                .anyMatch(
                        record -> record.user().equals("ann") && record.groups().contains("humans"));
        assertThat(past.with(time, flags(thief, "thief"), "get", "configmaps", "-n", "human")
                        .err())
                .contains("knows of no pass for this key");
        ClientIdentity unknown = ClientIdentity.create("traversion-nobody", Instant.now(), Duration.ofHours(1));
        assertThat(past.with(time, flags(unknown, "unknown"), "get", "configmaps", "-n", "human")
                        .status())
                .isNotZero();

        plane.kubectl().output("delete", "csr", "traversion-ann");
        Waiting.until(
                PATIENCE,
                "the pass has ended",
                () -> past.with(time, flags(ann, "ann"), "get", "configmaps", "-n", "human")
                                .status()
                        != 0);
    }

    private ClientIdentity pass(String name, String user) {
        ClientIdentity identity = ClientIdentity.create(name, Instant.now(), Duration.ofHours(1));
        Completed created = plane.kubectl()
                .with("--as", user, "--as-group", "humans", "--as-group", "system:authenticated")
                .runWithInput(
                        """
                        apiVersion: certificates.k8s.io/v1
                        kind: CertificateSigningRequest
                        metadata: {name: %s}
                        spec: {signerName: traversion.dev/rewind, usages: [client auth], expirationSeconds: 3600, request: %s, username: somebody-else}
                        """.formatted(
                                name,
                                Base64.getEncoder()
                                        .encodeToString(identity.request().getBytes(StandardCharsets.UTF_8))),
                        "create",
                        "-f",
                        "-");
        assertThat(created.status()).as(created.err()).isZero();
        return identity;
    }

    private static List<String> flags(ClientIdentity identity, String file) throws IOException {
        Path certificate = Files.writeString(directory.resolve(file + ".crt"), identity.certificate());
        Path key = Files.writeString(directory.resolve(file + ".key"), identity.key());
        return List.of("--client-certificate", certificate.toString(), "--client-key", key.toString());
    }

    @Test
    void whatAClientSaysOfItselfIsNotBelieved() throws Exception {
        past.tenant("door", "behind-the-door");
        String path = "/api/v1/namespaces/door/configmaps";
        String token = past.token("door");
        past.moment();
        String own = plane.kubectl()
                .output("create", "token", "reader", "-n", "door")
                .strip();
        RawClient client = new RawClient(past.port(), "/clusters/" + past.cluster() + "/at/now");

        assertThat(client.get(path, "Authorization", "Bearer " + token)).startsWith("200");
        for (String[] headers : List.of(
                new String[] {},
                new String[] {"X-Remote-User", "admin", "X-Remote-Group", "system:masters"},
                new String[] {"Authorization", "Bearer " + own},
                new String[] {"Authorization", "Bearer " + token + "x"},
                new String[] {"Authorization", "Bearer "},
                new String[] {"Authorization", "Basic YWRtaW46YWRtaW4="},
                new String[] {"Impersonate-User", "system:admin"})) {
            assertThat(client.get(path, headers))
                    .as(String.join(" ", headers))
                    .startsWith("401")
                    .doesNotContain("behind");
        }
        String bearer = "Bearer " + token;
        assertThat(client.get(path, "Authorization", bearer, "Impersonate-Group", "system:masters"))
                .startsWith("400");
        assertThat(client.get(path, "Authorization", bearer, "impersonate-user", "system:admin"))
                .startsWith("403");
        assertThat(client.get(path, "Authorization", bearer, "Impersonate-User", "", "Impersonate-Uid", "1"))
                .startsWith("400");
        assertThat(client.get(
                        path,
                        "Authorization",
                        bearer,
                        "Impersonate-User",
                        "system:serviceaccount:door:reader",
                        "X-Remote-User",
                        "x"))
                .startsWith("403");
        assertThat(client.get("/api/v1/namespaces/door/../../../../readyz", "X", "y"))
                .doesNotContain("behind");
    }

    @Test
    void aCertificateThatWasRotatedIsShown() throws Exception {
        RawClient client = new RawClient(past.port(), "");
        assertThat(client.certificate()).isEqualTo(certificate(past.certificate()));
        Certificate next = certificate(past.newCertificate());

        Waiting.until(
                PATIENCE, "the new one is shown", () -> client.certificate().equals(next));
    }

    private static Certificate certificate(String pem) throws Exception {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }
}
