/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.e2e.cluster.Kubectl;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** Puts a canary wherever a secret can hide in a cluster. */
final class HidingPlaces {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Kubectl kubectl;
    private final String canary;
    private final String token;
    private final String key;
    private final String url;
    private String request;

    HidingPlaces(Kubectl kubectl, String canary) {
        this.kubectl = kubectl;
        this.canary = canary;
        this.token = "ghp_" + canary.repeat(3);
        this.key = "-----BEGIN RSA PRIVATE KEY-----\n" + canary + "\n" + canary + "==\n-----END RSA PRIVATE KEY-----\n";
        this.url = "postgres://shop:" + canary + "@db:5432/shop";
    }

    /**
     * A part of a token that the API server itself has made by a TokenRequest, and that was put where people put such tokens: a text that
     * must be nowhere, too.
     */
    String issueToken() {
        kubectl.output("create", "serviceaccount", "issuer");
        String issued = kubectl.output("create", "token", "issuer").strip();
        kubectl.apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: issued, annotations: {note: "log in with %1$s"}}
                data: {kubeconfig: "users: [{user: {token: %1$s}}]", note: "curl -H 'Authorization: Bearer %1$s'", plain: "%1$s"}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: issued, annotations: {kubernetes.io/service-account.name: issuer}}
                stringData: {token: "%1$s"}
                ---
                apiVersion: v1
                kind: Event
                metadata: {name: issued.1}
                involvedObject: {kind: Pod, name: canary, namespace: default}
                reason: Failed
                message: "Unauthorized: %1$s"
                type: Warning
                """.formatted(issued));
        Matcher run = Pattern.compile("[A-Za-z0-9]{16,}").matcher(issued.substring(issued.lastIndexOf('.')));
        assertThat(run.find())
                .as("a run of letters and digits in the signature")
                .isTrue();
        return run.group();
    }

    /** A request whose requester put a password into it, as openssl asks for one, and more where requests have room. */
    private String request(String round) throws IOException {
        return """
                apiVersion: certificates.k8s.io/v1
                kind: CertificateSigningRequest
                metadata: {name: canary, annotations: {round: "%s", example.com/password: "%s", example.com/key: "%s"}}
                spec:
                  signerName: example.com/canary
                  usages: [client auth]
                  request: %s
                """.formatted(round, canary, key.replace("\n", "\\n"), base64(requestWithPassword()));
    }

    private String requestWithPassword() throws IOException {
        if (request == null) {
            Process openssl = new ProcessBuilder(
                            "openssl",
                            "req",
                            "-new",
                            "-newkey",
                            "ec",
                            "-pkeyopt",
                            "ec_paramgen_curve:P-256",
                            "-nodes",
                            "-keyout",
                            "/dev/null",
                            "-config",
                            "/dev/stdin")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (OutputStream in = openssl.getOutputStream()) {
                in.write("""
                        [req]
                        prompt = no
                        distinguished_name = name
                        attributes = attributes
                        [name]
                        CN = canary
                        [attributes]
                        challengePassword = %s
                        """.formatted(canary).getBytes(StandardCharsets.US_ASCII));
            }
            request = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(request).startsWith("-----BEGIN CERTIFICATE REQUEST-----");
        }
        return request;
    }

    /** Fills all of them, and changes each once. */
    void fill(String round) throws IOException {
        kubectl.apply(definition());
        kubectl.awaitEstablished("crd/widgets.canary.test");
        kubectl.apply(secrets(round));
        kubectl.apply(configMap(round));
        kubectl.apply(pod(round));
        assertThat(kubectl.run("patch", "pod", "canary", "--subresource=status", "--type=merge", "-p", """
                {"status":{"message":"login failed, password: %s","conditions":[{"type":"Ready","status":"False",
                "message":"cannot reach %s"}]}}""".formatted(
                                        canary, url))
                        .status())
                .isZero();
        kubectl.apply(events(round));
        kubectl.apply(request(round));
        assertThat(kubectl.runWithInput(widget(round), "apply", "--server-side", "--field-manager=canary", "-f", "-")
                        .status())
                .isZero();
        kubectl.apply(widget(round).replace("name: canary", "name: applied"));
    }

    private String secrets(String round) {
        return """
                apiVersion: v1
                kind: Secret
                metadata: {name: canary}
                data: {a: %s}
                stringData: {b: "%s", round: "%s"}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: sh.helm.release.v1.shop.v1}
                type: helm.sh/release.v1
                data: {release: %s}
                """.formatted(base64(canary), canary, round, base64(base64(gzip("{\"config\":\"" + canary + "\"}"))));
    }

    private String configMap(String round) throws JsonProcessingException {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("round", round);
        data.put("yaml", "db:\n  user: shop\n  password: " + canary + "\n  credentials:\n    deep: [" + canary + "]\n");
        data.put("json", "{\"db\":{\"password\":\"" + canary + "\"}}");
        data.put("json-in-json", JSON.writeValueAsString(Map.of("a", "{\"token\":\"" + canary + "\"}")));
        data.put("properties", "db.user=shop\ndb.password=" + canary + "\n");
        data.put("env", "export DB_PASSWORD='" + canary + "'\n");
        data.put("key.pem", key);
        data.put("key-in-one-line", key.replace("\n", "\\n"));
        data.put("key-for-urls", key.replace("\n", "%0A").replace(" ", "%20"));
        data.put("key-in-base64", base64(key));
        data.put("key-in-base64-twice", base64(base64(key)));
        data.put("token-in-base64", base64("x:" + token));
        data.put("token-in-base64-further-on", base64("xy:" + token));
        data.put("kubeconfig", "users:\n- user:\n    client-key-data: " + base64(key) + "\n");
        data.put("url", url);
        data.put("umlauts", "größe=ü\nschlüssel: " + token + "ü\n");
        data.put("logins", "{\"auths\":{\"r.example.com\":{\"auth\":\"" + base64("u:" + canary) + "\"}}}");
        data.put("curl", "curl -H 'Authorization: Bearer " + canary + "1' https://x");
        data.put("basic", "Authorization: Basic " + base64("user:" + canary));
        data.put("script", "mysql --password " + canary + " -h db");
        data.put(
                "jwt",
                "eyJhbGciOiJIUzI1NiJ9." + base64("{\"sub\":\"" + canary + "\"}").replace("=", "") + "." + canary);
        ObjectNode map = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
        map.putObject("metadata")
                .put("name", "canary")
                .set("annotations", JSON.valueToTree(Map.of("example.com/token", canary, "example.com/url", url)));
        ((ObjectNode) map.get("metadata")).set("labels", JSON.valueToTree(Map.of("label", token)));
        map.set("data", JSON.valueToTree(data));
        map.set(
                "binaryData",
                JSON.valueToTree(Map.of(
                        "text", base64("password=" + canary + "\n"), "packed", base64(gzip("password=" + canary)))));
        return JSON.writeValueAsString(map);
    }

    private String pod(String round) {
        return """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: canary
                  annotations: {round: "%s", example.com/password: "%s"}
                spec:
                  containers:
                  - name: c
                    image: example.com/c
                    command: [sh, -c, "server --password %s"]
                    args: ["--token", "%s", "--api-key=%s", "%s"]
                    env:
                    - {name: DB_PASSWORD, value: "%s"}
                    - {name: DATABASE, value: "%s"}
                    - {name: BLOB, value: "%s"}
                    livenessProbe:
                      httpGet: {path: /, port: 80, httpHeaders: [{name: Authorization, value: "%s"}]}
                """.formatted(round, canary, canary, canary, canary, token, canary, url, base64(key), canary);
    }

    private String events(String round) {
        return """
                apiVersion: v1
                kind: Event
                metadata: {name: canary.%1$s}
                involvedObject: {kind: Pod, name: canary, namespace: default}
                reason: Failed
                message: "cannot log in to %2$s with password: %3$s"
                type: Warning
                source: {component: test}
                ---
                apiVersion: events.k8s.io/v1
                kind: Event
                metadata: {name: canary-note.%1$s}
                regarding: {kind: Pod, name: canary, namespace: default}
                eventTime: "2026-01-01T00:00:00.000000Z"
                reportingController: test.example.com/c
                reportingInstance: c
                action: Try
                reason: Failed
                note: "token %4$s refused"
                type: Warning
                """.formatted(round, url, canary, token);
    }

    private String definition() {
        return """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: widgets.canary.test}
                spec:
                  group: canary.test
                  names: {kind: Widget, plural: widgets}
                  scope: Namespaced
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    schema:
                      openAPIV3Schema:
                        type: object
                        properties:
                          spec:
                            type: object
                            x-kubernetes-preserve-unknown-fields: true
                            properties:
                              password: {type: string, default: "%s"}
                              where: {type: string, default: "%s"}
                              tokens:
                                type: array
                                x-kubernetes-list-type: set
                                items: {type: string}
                              hosts:
                                type: array
                                x-kubernetes-list-type: set
                                items: {type: string}
                              logins:
                                type: array
                                x-kubernetes-list-type: map
                                x-kubernetes-list-map-keys: [password]
                                items:
                                  type: object
                                  required: [password]
                                  properties: {password: {type: string}}
                """.formatted(canary, url);
    }

    private String widget(String round) {
        return """
                apiVersion: canary.test/v1
                kind: Widget
                metadata: {name: canary}
                spec:
                  round: "%1$s"
                  password: "%2$s"
                  tokens: ["%2$s"]
                  hosts: ["%3$s"]
                  logins: [{password: "%2$s"}]
                  credentials: {user: "%2$s", more: [[{x: "%2$s"}]]}
                  parameters: [{name: db.password, value: "%2$s"}]
                  nested: [[["%4$s"]]]
                """.formatted(round, canary, url, token);
    }

    static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
