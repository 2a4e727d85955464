/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.http;

import dev.traversion.rewind.access.Reach;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.access.Visitor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;

/** Lets in who carries the token and came by a loopback name: the user whose machine it is, who may read all of what is theirs. */
public final class LoopbackDoor implements Door {

    /** A page in a browser that got a name of its own resolved to loopback cannot name another host than that. */
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final Visitor OWNER = new Visitor() {
        @Override
        public String name() {
            return "";
        }

        @Override
        public Reach permit(Read read) {
            return Reach.EVERYTHING;
        }

        @Override
        public boolean mayRead(Read.Objects read) {
            return true;
        }

        @Override
        public boolean isStillPermitted() {
            return true;
        }
    };

    private final byte[] token;
    private final Sessions sessions;

    /** @param sessions of browsers; they open the console's data and nothing else */
    public LoopbackDoor(String token, Sessions sessions) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.sessions = sessions;
    }

    static boolean isLocal(String host) {
        return LOCAL_NAMES.contains(host.toLowerCase(Locale.ROOT));
    }

    static StatusFailure notLocal(String host) {
        return StatusFailure.forbidden("this server is reached as localhost, 127.0.0.1 or [::1], not as " + host);
    }

    @Override
    public Visitor admit(Exchange exchange) {
        String host = exchange.host();
        if (!isLocal(host)) {
            throw notLocal(host);
        }
        boolean isOfConsole = ConsoleDoor.isOfApi(exchange.path());
        if (isOfConsole && sessions.holds(exchange)) {
            return OWNER;
        }
        if (!MessageDigest.isEqual(exchange.bearer().getBytes(StandardCharsets.UTF_8), token)) {
            throw isOfConsole
                    ? StatusFailure.unauthorized("this browser is not logged in here, or no longer")
                    : StatusFailure.unauthorized();
        }
        return OWNER;
    }
}
