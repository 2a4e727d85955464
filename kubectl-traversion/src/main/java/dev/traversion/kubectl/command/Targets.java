/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.analysis.Scope;
import dev.traversion.analysis.Similar;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.server.OpenRecording;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** TARGETs: a resource, such as {@code deployments}, or an object, such as {@code deploy/checkout}. */
final class Targets {

    /** Of what people say the name alone. */
    private static final List<ResourceType> NAMED = List.of(
            new ResourceType("apps", "deployments"),
            new ResourceType("apps", "statefulsets"),
            new ResourceType("apps", "daemonsets"),
            new ResourceType("batch", "cronjobs"),
            new ResourceType("batch", "jobs"),
            new ResourceType("", "services"),
            new ResourceType("", "pods"),
            new ResourceType("", "nodes"),
            new ResourceType("", "persistentvolumeclaims"),
            new ResourceType("", "configmaps"));

    private Targets() {}

    /**
     * What a TARGET means.
     *
     * @param target everything if {@code ""}
     * @throws TraversionException if there is no such resource, or there never was such an object up to the moment
     */
    static Scope scope(OpenRecording opened, String target, String namespace, Instant at) throws IOException {
        if (target.isEmpty()) {
            return new Scope(Set.of(), namespace, "");
        }
        int slash = target.indexOf('/');
        Set<ResourceType> types =
                slash < 0 ? typesOrNames(opened, target, at) : opened.types(target.substring(0, slash), at);
        Scope scope = new Scope(types, namespace, slash < 0 ? "" : target.substring(slash + 1));
        if (slash >= 0 && !hasExisted(opened.history(), scope, Times.nanos(at))) {
            Scope inNone = new Scope(types, "", scope.name());
            if (isInNoNamespace(opened.history(), inNone, Times.nanos(at))) {
                return inNone;
            }
            throw new TraversionException("The recording has no " + target
                    + (namespace.isEmpty() ? "" : " in the namespace " + namespace) + " up to " + MomentText.full(at)
                    + "."
                    + Similar.hint(opened.history(), types, namespace, scope.name(), Times.nanos(at)));
        }
        return scope;
    }

    /** @throws TraversionException if there is no such resource, with the objects of that name */
    private static Set<ResourceType> typesOrNames(OpenRecording opened, String target, Instant at) throws IOException {
        try {
            return opened.types(target, at);
        } catch (TraversionException e) {
            List<String> named = new ArrayList<>();
            for (ResourceType type : NAMED) {
                opened.history().list(type, "", null, Times.nanos(at), version -> {
                    boolean isIt = version.key().name().equals(target);
                    if (isIt) {
                        named.add(type + "/" + target);
                    }
                    return !isIt;
                });
            }
            throw named.isEmpty()
                    ? e
                    : new TraversionException("The recording knows no resource \"" + target + "\". Did you mean "
                            + String.join(", or ", named) + "?");
        }
    }

    private static boolean hasExisted(History history, Scope scope, long to) throws IOException {
        return hasExisted(history, scope, to, scope::contains);
    }

    /** As for kubectl, a namespace means nothing to such objects. */
    private static boolean isInNoNamespace(History history, Scope scope, long to) throws IOException {
        return hasExisted(history, scope, to, key -> key.namespace().isEmpty() && scope.contains(key));
    }

    private static boolean hasExisted(History history, Scope scope, long to, Predicate<ObjectKey> wanted)
            throws IOException {
        boolean[] found = {false};
        ObjectVersion.Visitor look = version -> {
            found[0] = wanted.test(version.key());
            return !found[0];
        };
        for (ResourceType type : scope.types()) {
            history.list(type, scope.namespace(), null, to, look);
            if (!found[0]) {
                history.changes(type, scope.namespace(), history.start() - 1, to, look);
            }
            if (found[0]) {
                return true;
            }
        }
        return false;
    }

    /** As kubectl writes it, with its namespace; of a type alone its name. */
    static String text(ObjectKey key) {
        return key.type()
                + (key.name().isEmpty() ? "" : "/" + key.name())
                + (key.namespace().isEmpty() ? "" : " -n " + key.namespace());
    }
}
