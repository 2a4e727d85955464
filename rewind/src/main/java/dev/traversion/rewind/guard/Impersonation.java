/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.guard;

import dev.traversion.rewind.access.User;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reading as somebody else ({@code kubectl --as}), by the rules of the API server: who asks must be allowed to be each part of them. */
final class Impersonation {

    private static final String USER = "Impersonate-User";
    private static final String GROUP = "Impersonate-Group";
    private static final String UID = "Impersonate-Uid";
    private static final String EXTRA = "impersonate-extra-";

    private static final String ACCOUNT = "system:serviceaccount:";
    private static final String ANONYMOUS = "system:anonymous";
    private static final String AUTHENTICATED = "system:authenticated";
    private static final String UNAUTHENTICATED = "system:unauthenticated";

    private final AccessReviews reviews;

    Impersonation(AccessReviews reviews) {
        this.reviews = reviews;
    }

    /**
     * Who is meant: the caller, if no header says otherwise.
     *
     * @throws StatusFailure 403 if the caller may not be them, 400 if the headers say half of it
     */
    User meant(User caller, Exchange exchange) {
        String name = exchange.header(USER);
        List<String> groups = exchange.headers(GROUP);
        String uid = exchange.header(UID);
        Map<String, List<String>> extra = extra(exchange);
        if (name.isEmpty()) {
            if (!groups.isEmpty() || !uid.isEmpty() || !extra.isEmpty()) {
                throw StatusFailure.badRequest("the request impersonates groups, a uid or extra fields, but no user");
            }
            return caller;
        }
        require(caller, user(name));
        groups.forEach(group -> require(caller, part("", "groups", "", group)));
        extra.forEach((key, values) ->
                values.forEach(value -> require(caller, part("authentication.k8s.io", "userextras", key, value))));
        if (!uid.isEmpty()) {
            require(caller, part("authentication.k8s.io", "uids", "", uid));
        }
        return new User(name, uid, groups(name, groups), extra);
    }

    private static AccessReviews.OnResource user(String name) {
        String[] account =
                name.startsWith(ACCOUNT) ? name.substring(ACCOUNT.length()).split(":", -1) : new String[0];
        return account.length == 2
                ? new AccessReviews.OnResource("impersonate", "", "serviceaccounts", account[0], account[1])
                : part("", "users", "", name);
    }

    private static AccessReviews.OnResource part(String group, String resource, String subresource, String name) {
        return new AccessReviews.OnResource("impersonate", group, resource, subresource, "", name);
    }

    private void require(User caller, AccessReviews.OnResource action) {
        if (!reviews.isAllowed(caller, action)) {
            String group = action.group().isEmpty() ? "" : "." + action.group();
            throw StatusFailure.forbidden(action.resource() + group + " \"" + action.name() + "\" is forbidden: User \""
                    + caller.name() + "\" cannot " + action);
        }
    }

    private static List<String> groups(String name, List<String> given) {
        List<String> groups = new ArrayList<>(given);
        String[] account =
                name.startsWith(ACCOUNT) ? name.substring(ACCOUNT.length()).split(":", -1) : new String[0];
        if (groups.isEmpty() && account.length == 2) {
            groups.add("system:serviceaccounts");
            groups.add("system:serviceaccounts:" + account[0]);
        }
        String own = name.equals(ANONYMOUS) ? UNAUTHENTICATED : AUTHENTICATED;
        if (!groups.contains(AUTHENTICATED) && !groups.contains(UNAUTHENTICATED)) {
            groups.add(own);
        }
        return groups;
    }

    /** By keys in lower case, as the API server takes them. */
    private static Map<String, List<String>> extra(Exchange exchange) {
        Map<String, List<String>> extra = new TreeMap<>();
        for (String header : exchange.headerNames()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith(EXTRA)) {
                extra.put(key(lower.substring(EXTRA.length())), exchange.headers(header));
            }
        }
        return extra;
    }

    private static String key(String encoded) {
        try {
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8)
                    .toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return encoded;
        }
    }
}
