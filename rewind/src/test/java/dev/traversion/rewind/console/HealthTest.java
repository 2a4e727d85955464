/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.json.Body;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HealthTest {

    private static final ResourceType PODS = new ResourceType("", "pods");

    /** One for all, as readers have it: what is left of a longer body behind a shorter one says nothing. */
    private final Body body = new Body();

    private Health health(String json) {
        return new Health(body.set(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    private void pod(String metadata, String status, byte expected) {
        String spec =
                "'spec':{'status':{'phase':'Failed'},'metadata':{'deletionTimestamp':'x','creationTimestamp':'y'}}";
        String start = "{'kind':'Pod',";
        for (String json : new String[] {
            start + "'metadata':" + metadata + "," + spec + ",'status':" + status + "}",
            start + "'status':" + status + "," + spec + ",'metadata':" + metadata + "}",
            start + "'metadata':" + metadata + ",'status':" + status + "}",
        }) {
            assertThat(health(json).of(PODS)).as(json).isEqualTo(expected);
        }
    }

    @Test
    void podsDoAsTheirStatusSaysWhereverItStands() {
        String ready = "'conditions':[{'type':'Initialized','status':'False'},{'type':'Ready','status':'True'}]";
        String runs = "'containerStatuses':[{'state':{'running':{}},'ready':true}]";
        pod("{'name':'a'}", "{'phase':'Running'," + ready + "," + runs + "}", Health.OK);
        pod("{'name':'a'}", "{" + runs + "," + ready + ",'phase':'Running'}", Health.OK);
        pod("{}", "{'phase':'Running'," + ready + "}", Health.OK);
        pod("{}", "{'phase':'Running','containerStatuses':[]," + ready + "}", Health.OK);
        pod("{}", "{'phase':'Running'," + ready.replace("True", "False") + "," + runs + "}", Health.WARNING);
        pod("{}", "{'phase':'Running'," + ready + "," + runs.replace("true", "false") + "}", Health.WARNING);
        pod("{}", "{'phase':'Running'}", Health.WARNING);
        pod(
                "{}",
                "{'phase':'Running','containerStatuses':[{'state':{'waiting':{'reason':'CrashLoopBackOff'}}}]}",
                Health.FAILED);
        pod(
                "{}",
                "{'phase':'Pending','initContainerStatuses':[{'state':{'terminated':{'exitCode':1}}}]}",
                Health.FAILED);
        pod("{}", "{'phase':'Pending','conditions':[{'type':'PodScheduled','status':'False'}]}", Health.WARNING);
        pod(
                "{}",
                "{'phase':'Pending','containerStatuses':[{'state':{'waiting':{'reason':'ContainerCreating'}}}]}",
                Health.PROGRESSING);
        pod("{}", "{}", Health.PROGRESSING);
        pod("{}", "null", Health.PROGRESSING);
        pod("{}", "{'phase':'Succeeded'}", Health.DONE);
    }

    @Test
    void whatIsBeingDeletedIsTerminatingWhateverItsStatus() {
        pod("{'name':'a','deletionTimestamp':'2026-01-31T14:03:22Z'}", "{'phase':'Failed'}", Health.TERMINATING);
        pod("{'deletionTimestamp':'2026-01-31T14:03:22Z','name':'a'}", "{}", Health.TERMINATING);
        pod("{'annotations':{'deletionTimestamp':'2026'}}", "{'phase':'Succeeded'}", Health.DONE);
    }

    @Test
    void creationIsThatOfTheObjectItself() {
        String created = "'creationTimestamp':'2026-01-31T14:03:22Z'";
        String other = "{'creationTimestamp':'2025'}";
        assertThat(health("{'status':" + other + ",'metadata':{'labels':" + other + "," + created + "}}")
                        .created())
                .isEqualTo("2026-01-31T14:03:22Z");
        assertThat(health("{'metadata':{" + created + ",'name':'a'},'data':{}}").created())
                .isEqualTo("2026-01-31T14:03:22Z");
        assertThat(health("{'metadata':{},'status':" + other + "}").created()).isEmpty();
        assertThat(health("{'metadata':null,'status':{}}").created()).isEmpty();
        assertThat(health("{}").created()).isEmpty();
        assertThat(health("").created()).isEmpty();
        assertThat(health("").of(PODS)).isEqualTo(Health.NONE);
    }

    @Test
    void otherKindsDoAsTheySay() {
        assertThat(health("{'metadata':{},'type':'Warning'}").of(new ResourceType("", "events")))
                .isEqualTo(Health.WARNING);
        assertThat(health("{'metadata':{},'data':{}}").of(new ResourceType("", "configmaps")))
                .isEqualTo(Health.NONE);
        assertThat(health("{'metadata':{},'status':{'phase':'Bound'}}")
                        .of(new ResourceType("", "persistentvolumeclaims")))
                .isEqualTo(Health.OK);
        assertThat(health("{'metadata':{},'spec':{'replicas':3},'status':{'readyReplicas':3,'updatedReplicas':2}}")
                        .of(new ResourceType("apps", "deployments")))
                .isEqualTo(Health.PROGRESSING);
        assertThat(health("{'metadata':{},'status':{'conditions':[{'type':'Ready','status':'True'},"
                                + "{'type':'DiskPressure','status':'True'}]}}")
                        .of(new ResourceType("", "nodes")))
                .isEqualTo(Health.WARNING);
    }
}
