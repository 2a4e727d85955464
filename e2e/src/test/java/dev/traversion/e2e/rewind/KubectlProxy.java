/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.rewind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.e2e.cluster.Kubectl;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plain HTTP to an API server, through {@code kubectl proxy}: for requests that kubectl itself does not make. */
public final class KubectlProxy implements AutoCloseable {

    /**
     * A JSON answer.
     *
     * @param status HTTP status
     * @param body the document; missing if the answer is none
     * @param date when the server sent it, in whole seconds
     */
    record Answer(int status, JsonNode body, Instant date) {}

    private static final Pattern SERVING = Pattern.compile("Starting to serve on (\\S+)");

    private final Process process;
    private final URI server;
    // kubectl would take an offer of HTTP/2 for a request to upgrade, as exec makes
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final JsonMapper mapper = new JsonMapper();

    private KubectlProxy(Process process, URI server) {
        this.process = process;
        this.server = server;
    }

    public static KubectlProxy start(Kubectl kubectl) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(kubectl.program().toString(), "proxy", "--port=0").redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", kubectl.kubeconfig().toString());
        Process process = builder.start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        Matcher serving = SERVING.matcher(line == null ? "" : line);
        if (!serving.find()) {
            process.destroy();
            throw new IOException("kubectl proxy did not start: " + line);
        }
        return new KubectlProxy(process, URI.create("http://" + serving.group(1)));
    }

    /** Where it listens, without TLS. */
    public URI server() {
        return server;
    }

    Answer get(String path, String accept) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .header("Accept", accept)
                .build();
        HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        Instant date = ZonedDateTime.parse(
                        response.headers().firstValue("Date").orElseThrow(), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
        boolean json = response.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
        return new Answer(
                response.statusCode(), json ? mapper.readTree(response.body()) : MissingNode.getInstance(), date);
    }

    @Override
    public void close() {
        client.close();
        process.destroy();
        process.onExit().join();
    }
}
