/* SPDX-License-Identifier: Apache-2.0 */
/** What happened on nodes, with the names that the API gave to pods, containers and addresses at that time. */
package dev.traversion.analysis.node;
