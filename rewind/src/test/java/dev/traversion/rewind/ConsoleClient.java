/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;

/** Asks a console as a browser does: with a cookie it got for a code. */
final class ConsoleClient {

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private final RewindServer server;
    private final String cookie;

    ConsoleClient(RewindServer server) throws Exception {
        this.server = server;
        HttpResponse<String> login = HTTP.send(
                HttpRequest.newBuilder(server.consoleUrl("?t=5")).build(), HttpResponse.BodyHandlers.ofString());
        cookie = login.headers().firstValue("Set-Cookie").orElseThrow();
    }

    String cookie() {
        return cookie;
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/console/" + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request;
    }

    /** Without the cookie. */
    HttpResponse<String> stranger(String path, String... headers) throws Exception {
        return HTTP.send(request(path, headers).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return HTTP.send(
                request(path, headers).header("Cookie", cookie.split(";")[0]).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The lines of a stream as they come; closing it hangs up. */
    Stream<String> lines(String question) throws Exception {
        HttpRequest request = request("api/clusters/" + TestCluster.ID + "/" + question)
                .header("Cookie", cookie.split(";")[0])
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofLines()).body();
    }

    HttpResponse<byte[]> bytes(String question, String... headers) throws Exception {
        HttpRequest request = request("api/clusters/" + TestCluster.ID + "/" + question, headers)
                .header("Cookie", cookie.split(";")[0])
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<String> ask(String question, String... headers) throws Exception {
        return get("api/clusters/" + TestCluster.ID + "/" + question, headers);
    }

    /** The answer, which is to be one. */
    JsonNode read(String question) throws Exception {
        HttpResponse<String> answer = ask(question);
        if (answer.statusCode() != 200) {
            throw new AssertionError(question + ": " + answer.statusCode() + " " + answer.body());
        }
        return new ObjectMapper().readTree(answer.body());
    }
}
