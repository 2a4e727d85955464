/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Services, what is behind them and what leads to them. */
final class NetworkCells {

    private static final int HOSTS_SHOWN = 3;
    private static final String UNSET = "<unset>";

    private NetworkCells() {}

    static void addTo(Kinds kinds, int minor) {
        kinds.add("", "services")
                .text("Type", "spec.type")
                .cell(
                        "Cluster-IP",
                        (JsonNode service) ->
                                service.path("spec").path("clusterIPs").path(0).asText(Selectors.NONE))
                .cell("External-IP", NetworkCells::externalIps)
                .cell("Port(s)", NetworkCells::servicePorts)
                .labels("Selector", "spec.selector");
        kinds.add("", "endpoints").cell("Endpoints", NetworkCells::endpoints);
        kinds.add("discovery.k8s.io", "endpointslices")
                .text("AddressType", "addressType")
                .cell("Ports", NetworkCells::slicePorts)
                .cell("Endpoints", NetworkCells::sliceEndpoints);
        kinds.add("networking.k8s.io", "ingresses")
                .text("Class", "spec.ingressClassName", Selectors.NONE)
                .cell("Hosts", NetworkCells::hosts)
                .cell("Address", (JsonNode ingress) -> loadBalancer(ingress))
                .cell(
                        "Ports",
                        (JsonNode ingress) -> ingress.path("spec").path("tls").isEmpty() ? "80" : "80, 443");
        Kind ingressClass = kinds.add("networking.k8s.io", "ingressclasses")
                .text("Controller", "spec.controller")
                .cell("Parameters", NetworkCells::ingressClassParameters);
        if (minor >= 36) {
            ingressClass.cell("Name", NetworkCells::ingressClassName);
        }
        kinds.add("networking.k8s.io", "networkpolicies").selector("Pod-Selector", "spec.podSelector");
        kinds.add("networking.k8s.io", "servicecidrs").cell("CIDRs", NetworkCells::cidrs);
        Kind ipAddress = kinds.add("networking.k8s.io", "ipaddresses").cell("ParentRef", NetworkCells::parent);
        ipAddress.beyondColumns(ipAddress.age());
    }

    private static String externalIps(JsonNode service) {
        JsonNode spec = service.path("spec");
        List<String> addresses = new ArrayList<>();
        String type = Field.text(spec, "type");
        switch (type) {
            case "ClusterIP", "NodePort" -> {}
            case "LoadBalancer" -> {
                String loadBalancer = loadBalancer(service);
                if (!loadBalancer.isEmpty()) {
                    addresses.add(loadBalancer);
                }
            }
            case "ExternalName" -> {
                return Field.text(spec, "externalName");
            }
            default -> {
                return Ages.UNKNOWN;
            }
        }
        for (JsonNode address : spec.path("externalIPs")) {
            addresses.add(address.asText());
        }
        if (addresses.isEmpty()) {
            return type.equals("LoadBalancer") ? "<pending>" : Selectors.NONE;
        }
        return String.join(",", addresses);
    }

    /** The addresses of {@code status.loadBalancer}, sorted. */
    private static String loadBalancer(JsonNode object) {
        TreeSet<String> addresses = new TreeSet<>();
        for (JsonNode ingress : object.path("status").path("loadBalancer").path("ingress")) {
            String address = Field.text(ingress, "ip", Field.text(ingress, "hostname"));
            if (!address.isEmpty()) {
                addresses.add(address);
            }
        }
        return String.join(",", addresses);
    }

    private static String servicePorts(JsonNode service) {
        List<String> ports = new ArrayList<>();
        for (JsonNode port : service.path("spec").path("ports")) {
            long nodePort = port.path("nodePort").asLong(0);
            ports.add(port.path("port").asLong(0) + (nodePort > 0 ? ":" + nodePort : "") + "/"
                    + Field.text(port, "protocol"));
        }
        return ports.isEmpty() ? Selectors.NONE : String.join(",", ports);
    }

    private static String endpoints(JsonNode object) {
        JsonNode subsets = object.path("subsets");
        if (subsets.isEmpty()) {
            return Selectors.NONE;
        }
        Shortened shown = new Shortened();
        for (JsonNode subset : subsets) {
            JsonNode ports = subset.path("ports");
            JsonNode addresses = subset.path("addresses");
            if (ports.isEmpty()) {
                addresses.forEach(address -> shown.add(Field.text(address, "ip")));
            }
            for (JsonNode port : ports) {
                long number = port.path("port").asLong(0);
                addresses.forEach(address -> shown.add(hostAndPort(Field.text(address, "ip"), number)));
            }
        }
        return shown.text("");
    }

    private static String hostAndPort(String host, long port) {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }

    private static String slicePorts(JsonNode slice) {
        Shortened shown = new Shortened();
        for (JsonNode port : slice.path("ports")) {
            if (Field.isSet(port, "port")) {
                shown.add(Long.toString(port.path("port").asLong()));
            } else {
                shown.add(Field.isSet(port, "name") ? Field.text(port, "name") : "*");
            }
        }
        return shown.text(UNSET);
    }

    private static String sliceEndpoints(JsonNode slice) {
        Shortened shown = new Shortened();
        for (JsonNode endpoint : slice.path("endpoints")) {
            endpoint.path("addresses").forEach(address -> shown.add(address.asText()));
        }
        return shown.text(UNSET);
    }

    /** Unlike other lists, "more" counts rules, those without a host too. */
    private static String hosts(JsonNode ingress) {
        JsonNode rules = ingress.path("spec").path("rules");
        List<String> hosts = new ArrayList<>();
        boolean more = false;
        for (JsonNode rule : rules) {
            more |= hosts.size() == HOSTS_SHOWN;
            String host = Field.text(rule, "host");
            if (!more && !host.isEmpty()) {
                hosts.add(host);
            }
        }
        if (hosts.isEmpty()) {
            return "*";
        }
        String text = String.join(",", hosts);
        return more ? text + " + " + (rules.size() - HOSTS_SHOWN) + " more..." : text;
    }

    private static String ingressClassName(JsonNode ingressClass) {
        JsonNode metadata = ingressClass.path("metadata");
        boolean isDefault = Field.text(metadata.path("annotations"), "ingressclass.kubernetes.io/is-default-class")
                .equals("true");
        return Field.text(metadata, "name") + (isDefault ? " (default)" : "");
    }

    private static String ingressClassParameters(JsonNode ingressClass) {
        JsonNode parameters = ingressClass.path("spec").path("parameters");
        if (!parameters.isObject()) {
            return Selectors.NONE;
        }
        String group = Field.isSet(parameters, "apiGroup") ? "." + Field.text(parameters, "apiGroup") : "";
        return Field.text(parameters, "kind") + group + "/" + Field.text(parameters, "name");
    }

    private static String cidrs(JsonNode serviceCidr) {
        List<String> cidrs = new ArrayList<>();
        serviceCidr.path("spec").path("cidrs").forEach(cidr -> cidrs.add(cidr.asText()));
        return String.join(",", cidrs);
    }

    private static String parent(JsonNode ipAddress) {
        JsonNode parent = ipAddress.path("spec").path("parentRef");
        if (!parent.isObject()) {
            return Selectors.NONE;
        }
        String group = Field.text(parent, "group");
        String namespace = Field.text(parent, "namespace");
        return Field.lower(Field.text(parent, "resource") + (group.isEmpty() ? "" : "." + group))
                + (namespace.isEmpty() ? "" : "/" + namespace)
                + "/" + Field.text(parent, "name");
    }
}
