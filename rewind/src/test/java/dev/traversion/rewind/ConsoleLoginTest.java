/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Recording;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** How browsers are let in to the console, and what they are told of the pages they get. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleLoginTest {

    private TestCluster cluster;
    private Recording recording;
    private RewindServer server;
    private ConsoleClient console;

    @BeforeAll
    void serve(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory);
        TestDocuments.write(cluster);
        recording = cluster.open();
        server = RewindServer.start(List.of(recording), RewindOptions.defaults());
        console = new ConsoleClient(server);
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        recording.close();
        cluster.close();
    }

    @Test
    void aCodeOpensOneSessionOnly() throws Exception {
        String link = path(server.consoleUrl("?t=5&c=x"));
        HttpResponse<String> first = console.stranger(link);
        assertThat(first.statusCode()).isEqualTo(303);
        assertThat(first.headers().firstValue("Location")).hasValue("/console/?t=5&c=x");
        assertThat(console.cookie()).contains("HttpOnly", "SameSite=Strict", "Path=/console/");
        HttpResponse<String> second = console.stranger(link);
        assertThat(second.statusCode()).isEqualTo(401);
        assertThat(second.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(second.body()).contains("used before");
    }

    @Test
    void aLoginLeadsNowhereElse() throws Exception {
        for (String elsewhere :
                List.of("//evil.example/", "https://evil.example/", "/\\evil.example", "x\r\nSet-Cookie: a=b")) {
            String location = console.stranger(path(server.consoleUrl(elsewhere)))
                    .headers()
                    .firstValue("Location")
                    .orElseThrow();
            assertThat(location).isEqualTo("/console/");
        }
    }

    @Test
    void dataIsForThoseWhoAreLoggedIn() throws Exception {
        assertThat(console.get("api/clusters").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = console.stranger("api/clusters");
        assertThat(refused.statusCode()).isEqualTo(401);
        JsonNode problem = new ObjectMapper().readTree(refused.body());
        assertThat(problem.path("next").asText()).contains("kubectl traversion console");
    }

    @Test
    void aPageOfAnotherSiteGetsNothingWithTheCookie() throws Exception {
        assertThat(console.get("api/clusters", "Sec-Fetch-Site", "same-origin").statusCode())
                .isEqualTo(200);
        for (String site : List.of("cross-site", "same-site")) {
            assertThat(console.get("api/clusters", "Sec-Fetch-Site", site).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void theCookieOpensTheConsoleAndNothingElse() throws Exception {
        String host = "127.0.0.1:" + server.port();
        assertThat(statusLine(host, "/console/api/clusters")).contains(" 200 ");
        for (String other : List.of("/clusters", "/console-login")) {
            assertThat(statusLine(host, other)).as(other).contains(" 401 ");
        }
        for (String other : List.of(
                "/console%2fapi/clusters", "/console/api/../../clusters", "/console/api/%2e%2e/%2e%2e/clusters")) {
            assertThat(statusLine(host, other)).as(other).doesNotContain(" 200 ");
        }
    }

    @Test
    void aNameThatWasResolvedToLoopbackIsRefused() throws Exception {
        String link = "/console/" + path(server.consoleUrl(""));
        assertThat(statusLine("evil.example:" + server.port(), link)).contains(" 403 ");
        assertThat(statusLine("evil.example:" + server.port(), "/console/api/clusters"))
                .contains(" 403 ");
    }

    private String statusLine(String host, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nCookie: "
                    + console.cookie().split(";")[0] + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(0, answer.indexOf('\r'));
        }
    }

    @Test
    void pagesLoadNothingFromElsewhere() throws Exception {
        HttpResponse<String> page = console.stranger("resources?c=x&t=5");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self';")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(console.stranger("assets/none.js").statusCode()).isEqualTo(404);
        assertThat(console.stranger("assets/..%2f..%2fMANIFEST.MF").statusCode())
                .isEqualTo(404);
        HttpResponse<String> asset = console.stranger("assets/test-0a1b2c.js");
        assertThat(asset.body()).isEqualTo("// a test's\n");
        assertThat(asset.headers().firstValue("Cache-Control")).hasValue("public, max-age=31536000, immutable");
        assertThat(asset.headers().firstValue("Content-Type")).hasValue("text/javascript; charset=utf-8");
    }

    private static String path(URI link) {
        return link.toString().substring(link.toString().indexOf("/console/") + "/console/".length());
    }
}
