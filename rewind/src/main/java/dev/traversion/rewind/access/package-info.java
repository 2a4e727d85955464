/* SPDX-License-Identifier: Apache-2.0 */
/** What is asked of the past, by whom, and how far their permissions reach. Knows neither HTTP nor how permissions are found out. */
package dev.traversion.rewind.access;
