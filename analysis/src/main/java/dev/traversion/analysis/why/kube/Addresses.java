/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses in what a container is started with: {@code db}, {@code db.shop.svc:5432}, {@code http://10.96.0.7:80/x}. */
public final class Addresses {

    private static final int LONGEST = 4096;
    private static final Pattern HOST = Pattern.compile("(?<![A-Za-z0-9._/-])([a-z][a-z0-9+]*://)?(?:[^\\s/@:]+@)?"
            + "([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)(?::(\\d{1,5}))?(?=$|[/?#\\s,;\"'])");
    private static final Pattern IP = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    /** A host, and a port or 0; whether it is written as a URL. */
    public record Address(String host, int port, boolean isUrl) {
        public boolean isIp() {
            return IP.matcher(host).matches();
        }

        /** A name alone could be any word; with a port or more than one label it is meant to be reached. */
        boolean isSure() {
            return isUrl || port > 0 || host.contains(".");
        }

        @Override
        public String toString() {
            return port > 0 ? host + ":" + port : host;
        }
    }

    private Addresses() {}

    /** All that may be addresses in a text. */
    public static List<Address> in(String text) {
        List<Address> found = new ArrayList<>();
        if (text.length() > LONGEST) {
            return found;
        }
        String value = text.startsWith("-") && text.contains("=") ? text.substring(text.indexOf('=') + 1) : text;
        Matcher matcher = HOST.matcher(value);
        while (matcher.find()) {
            int port = matcher.group(3) == null ? usual(matcher.group(1)) : Integer.parseInt(matcher.group(3));
            String host = matcher.group(2);
            if (!host.matches("\\d+") && port <= 65535) {
                found.add(new Address(host, port, matcher.group(1) != null));
            }
        }
        return found;
    }

    private static int usual(String scheme) {
        return switch (String.valueOf(scheme)) {
            case "http://", "ws://" -> 80;
            case "https://", "wss://" -> 443;
            default -> 0;
        };
    }

    /** What a text means as seen from a namespace. */
    public enum Meaning {
        /** Nothing that looks like an address inside the cluster. */
        NONE,
        /** A Service that is there, with the port. */
        SERVED,
        /** A name or address for which there is no Service, or not with the port. */
        UNSERVED
    }

    /** Whether what a text names can be reached at a moment, as far as Services tell. */
    public static Meaning meaning(World world, String namespace, String text, long time) {
        Meaning meaning = Meaning.NONE;
        for (Address address : in(text)) {
            Meaning its = meaning(world, namespace, address, time);
            if (its == Meaning.UNSERVED) {
                return its;
            }
            meaning = its == Meaning.SERVED ? its : meaning;
        }
        return meaning;
    }

    private static Meaning meaning(World world, String namespace, Address address, long time) {
        Optional<Version> service = service(world, namespace, address, time);
        if (service.isPresent()) {
            return hasPort(service.get(), address) ? Meaning.SERVED : Meaning.UNSERVED;
        }
        boolean isMissed = address.isSure() && isOfCluster(world, namespace, address, time);
        return isMissed ? Meaning.UNSERVED : Meaning.NONE;
    }

    /** The address without a Service that a text names in place of one with; empty if it names none such. */
    public static Optional<Address> lost(World world, String namespace, String old, String now, long time) {
        List<Address> gone = new ArrayList<>(in(old));
        gone.removeAll(in(now));
        boolean wasServed =
                gone.stream().anyMatch(address -> meaning(world, namespace, address, time) == Meaning.SERVED);
        List<Address> come = new ArrayList<>(wasServed ? in(now) : List.of());
        come.removeAll(in(old));
        return come.stream()
                .filter(address -> meaning(world, namespace, address, time) == Meaning.UNSERVED)
                .findFirst();
    }

    /** Whether an address can only be that of a Service, and all Services are known that it could be. */
    private static boolean isOfCluster(World world, String namespace, Address address, long time) {
        if (address.isIp()) {
            return service(world, namespace, address, world.from()).isPresent();
        }
        if (address.host().equals("localhost")) {
            return false;
        }
        String[] labels = address.host().split("\\.");
        boolean isNamespace = labels.length == 2
                && world.at(new ObjectKey(Types.NAMESPACES, "", labels[1]), time)
                        .isPresent();
        boolean isOfPod = labels.length == 2
                && !world.versions(new ObjectKey(Types.SERVICES, namespace, labels[1]))
                        .isEmpty();
        if (isOfPod) {
            return true;
        }
        return (labels.length == 1 || isNamespace || (labels.length > 2 && labels[2].equals("svc")))
                && world.knows(Types.SERVICES, labels.length > 1 ? labels[1] : namespace);
    }

    /** Whether a Service has no address of its own: its name is that of its pods. */
    public static boolean isHeadless(Version service) {
        return service.get("spec", "clusterIP").asText("").equals("None");
    }

    /** Whether a Service has the port of an address that names it; one without an address of its own need not tell of its ports. */
    public static boolean hasPort(Version service, Address address) {
        for (JsonNode each : service.get("spec", "ports")) {
            if (each.path("port").asInt() == address.port()) {
                return true;
            }
        }
        return address.port() == 0
                || isHeadless(service)
                || service.get("spec", "type").asText().equals("ExternalName");
    }

    /** The Service an address names at a moment. */
    public static Optional<Version> service(World world, String namespace, Address address, long time) {
        if (address.isIp()) {
            return world.list(Types.SERVICES, namespace, time).stream()
                    .filter(service -> service.get("spec", "clusterIP").asText().equals(address.host()))
                    .findFirst();
        }
        return keys(namespace, address).stream()
                .flatMap(key -> world.at(key, time).stream())
                .findFirst();
    }

    /** What a name may mean: {@code SERVICE[.NAMESPACE[.svc]]}, or the name of a pod before that of its Service. */
    private static List<ObjectKey> keys(String namespace, Address address) {
        String[] labels = address.host().split("\\.");
        List<ObjectKey> found = new ArrayList<>();
        if (labels.length <= 2 || labels[2].equals("svc")) {
            found.add(new ObjectKey(Types.SERVICES, labels.length > 1 ? labels[1] : namespace, labels[0]));
        }
        if (labels.length == 2 || labels.length == 3 || (labels.length > 3 && labels[3].equals("svc"))) {
            found.add(new ObjectKey(Types.SERVICES, labels.length > 2 ? labels[2] : namespace, labels[1]));
        }
        return found;
    }

    /** The Services, there or gone in the window, that a spec names. */
    public static Set<ObjectKey> named(World world, String namespace, JsonNode spec) {
        Set<ObjectKey> found = new LinkedHashSet<>();
        Pods.containers(spec).forEach(container -> found.addAll(namedBy(world, namespace, container)));
        return found;
    }

    /** The same of one container. */
    public static Set<ObjectKey> namedBy(World world, String namespace, JsonNode container) {
        Set<ObjectKey> found = new LinkedHashSet<>();
        for (String text : Pods.texts(container)) {
            in(text).forEach(address -> named(world, namespace, address, found));
        }
        return found;
    }

    /** The same of any text, in which a name alone could be any word. */
    public static Set<ObjectKey> meant(World world, String namespace, String text) {
        Set<ObjectKey> found = new LinkedHashSet<>();
        in(text).stream().filter(Address::isSure).forEach(address -> named(world, namespace, address, found));
        return found;
    }

    private static void named(World world, String namespace, Address address, Set<ObjectKey> found) {
        if (address.isIp()) {
            found.addAll(holders(world, namespace, address.host()));
        } else {
            keys(namespace, address).stream()
                    .filter(key -> !world.versions(key).isEmpty())
                    .forEach(found::add);
        }
    }

    /** The Services that had an address, of either family, at some time of the window. */
    public static Set<ObjectKey> holders(World world, String namespace, String address) {
        Map<String, Set<ObjectKey>> all = world.remember(
                "holders", new ObjectKey(Types.SERVICES, namespace, ""), () -> holders(world, namespace));
        return all.getOrDefault(address, Set.of());
    }

    private static Map<String, Set<ObjectKey>> holders(World world, String namespace) {
        Map<String, Set<ObjectKey>> found = new HashMap<>();
        for (ObjectKey key : world.keys(Types.SERVICES, namespace)) {
            for (Version version : world.versions(key)) {
                JsonNode spec = version.get("spec");
                Set<String> addresses =
                        new LinkedHashSet<>(Set.of(spec.path("clusterIP").asText("")));
                spec.path("clusterIPs").forEach(each -> addresses.add(each.asText("")));
                addresses.forEach(each ->
                        found.computeIfAbsent(each, _ -> new LinkedHashSet<>()).add(key));
            }
        }
        return found;
    }
}
