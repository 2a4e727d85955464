/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What of the console everybody gets: its files, which say nothing of any recording, and a way to log in with a code. */
public final class ConsoleDoor {

    private static final String ROOT = "/console/";
    private static final String API = ROOT + "api/";
    private static final String LOGIN = ROOT + "login";

    private final ConsoleFiles files;
    private final Optional<Sessions> sessions;

    /** @param sessions empty where people come with credentials of another kind */
    public ConsoleDoor(Optional<Sessions> sessions) {
        this.files = new ConsoleFiles();
        this.sessions = sessions;
    }

    /** Whether a request is for the data of the console. */
    static boolean isOfApi(String path) {
        return path.startsWith(API);
    }

    /** Answers what needs no login; false if that is something else. */
    boolean answer(Exchange exchange) throws IOException {
        String path = exchange.path();
        boolean isOfConsole = path.equals("/console") || path.startsWith(ROOT);
        if (!isOfConsole || isOfApi(path)) {
            return false;
        }
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            throw StatusFailure.methodNotAllowed("the console is only to be read");
        }
        if (sessions.isPresent() && path.equals(LOGIN)) {
            login(exchange, sessions.get());
        } else if (path.equals("/console")) {
            redirect(exchange, ROOT);
        } else {
            files.send(exchange, path.substring(ROOT.length()));
        }
        return true;
    }

    private static void login(Exchange exchange, Sessions sessions) throws IOException {
        if (!LoopbackDoor.isLocal(exchange.host())) {
            throw LoopbackDoor.notLocal(exchange.host());
        }
        String secret = sessions.open(exchange.query("code"));
        if (secret.isEmpty()) {
            throw StatusFailure.unauthorized("this link was used before, or is more than two minutes old");
        }
        exchange.setHeader(
                "Set-Cookie",
                Sessions.cookie(exchange) + "=" + secret + "; HttpOnly; SameSite=Strict; Path=" + ROOT
                        + "; Max-Age=43200");
        String to = exchange.query("to");
        // Only to a page of the console itself.
        redirect(
                exchange,
                to.matches("[A-Za-z0-9_][!-~&&[^\\\\]]*") && !to.contains("//") ? ROOT + to : ROOT + query(to));
    }

    private static String query(String to) {
        return to.matches("\\?[!-~&&[^\\\\]]*") ? to : "";
    }

    private static void redirect(Exchange exchange, String to) throws IOException {
        exchange.setHeader("Location", to);
        exchange.setHeader("Cache-Control", "no-store");
        exchange.setHeader("Referrer-Policy", "no-referrer");
        exchange.sendOpenly(303, "text/plain", to.getBytes(StandardCharsets.UTF_8));
    }
}
