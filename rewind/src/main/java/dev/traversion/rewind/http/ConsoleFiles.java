/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The files of the console, {@code META-INF/console/} on the class path, under a policy that lets a page load nothing but them and
 * ask nobody but this server. What is no file is a page that the console itself knows.
 */
final class ConsoleFiles {

    private static final String ROOT = "/META-INF/console/";

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self';"
                    + " worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "woff2", "font/woff2",
            "json", "application/json",
            "webmanifest", "application/manifest+json",
            "txt", "text/plain; charset=utf-8");

    /** @param path below {@code /console/} */
    void send(Exchange exchange, String path) throws IOException {
        boolean isAsset = path.startsWith("assets/");
        String last = path.substring(path.lastIndexOf('/') + 1);
        boolean isFile = isAsset || last.indexOf('.') >= 0;
        String name = isFile ? path : "index.html";
        byte[] bytes = read(name);
        exchange.setHeader("Content-Security-Policy", POLICY);
        exchange.setHeader("X-Content-Type-Options", "nosniff");
        exchange.setHeader("Referrer-Policy", "no-referrer");
        exchange.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        exchange.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        if (bytes == null) {
            String missing = isFile
                    ? "there is no file " + path + " in the console\n"
                    : "this program was built without the console; build it with ./traversion build\n";
            exchange.setHeader("Cache-Control", "no-store");
            exchange.sendOpenly(404, "text/plain; charset=utf-8", missing.getBytes(StandardCharsets.UTF_8));
            return;
        }
        exchange.setHeader("Cache-Control", isAsset ? "public, max-age=31536000, immutable" : "no-cache");
        String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
        exchange.sendOpenly(200, type, exchange.compressed(bytes, !type.startsWith("image/png")));
    }

    private static byte[] read(String name) throws IOException {
        if (!name.matches("[A-Za-z0-9_.][A-Za-z0-9_./-]*") || name.contains("..")) {
            return null;
        }
        try (InputStream in = ConsoleFiles.class.getResourceAsStream(ROOT + name)) {
            return in == null ? null : in.readAllBytes();
        }
    }
}
