/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Asks a moment of the test cluster. */
final class TestClient {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String root;
    private final String token;

    TestClient(RewindServer server, String time, String token) {
        this(server, List.of("at", time), token);
    }

    private TestClient(RewindServer server, List<String> path, String token) {
        this.root = "http://127.0.0.1:" + server.port() + "/clusters/" + TestCluster.ID + "/" + String.join("/", path);
        this.token = token;
    }

    /** Asks a film. */
    static TestClient film(RewindServer server, String from, String to, String speed) {
        return new TestClient(server, List.of("play", from, to, speed), server.token());
    }

    /** Asks what happened between two moments. */
    static TestClient analysis(RewindServer server, String what, String from, String to) {
        return new TestClient(server, List.of(what, from, to), server.token());
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path))
                .method(method, body)
                .header("Authorization", "Bearer " + token);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return new ObjectMapper().readTree(response.body());
    }

    /** The status line of an answer to a request that names another host than it connects to. */
    static String statusLineAs(String host, RewindServer server, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String request = "GET /clusters/" + TestCluster.ID + "/at/now" + path + " HTTP/1.1\r\nHost: " + host
                    + "\r\nAuthorization: Bearer " + server.token() + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(0, answer.indexOf('\r'));
        }
    }

    static HttpResponse<String> index(RewindServer server) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/clusters");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + server.token())
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The lines of a watch as they come; closing it hangs up. */
    Stream<String> watch(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + path))
                .header("Authorization", "Bearer " + token)
                .build();
        HttpResponse<Stream<String>> response = HTTP.send(request, HttpResponse.BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            throw new AssertionError(
                    response.statusCode() + " " + response.body().toList());
        }
        return response.body();
    }
}
