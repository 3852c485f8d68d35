/** Every data file of the catalogue. Written by scripts/catalogue.mjs. */
import type { Manifest } from '../manifest.ts';
import airbnb from './servers/airbnb.json' with { type: 'json' };
import airtable from './servers/airtable.json' with { type: 'json' };
import angular from './servers/angular.json' with { type: 'json' };
import apify from './servers/apify.json' with { type: 'json' };
import arxiv from './servers/arxiv.json' with { type: 'json' };
import atlassian from './servers/atlassian.json' with { type: 'json' };
import atlassianRemote from './servers/atlassian-remote.json' with { type: 'json' };
import awsDocumentation from './servers/aws-documentation.json' with { type: 'json' };
import azure from './servers/azure.json' with { type: 'json' };
import basicMemory from './servers/basic-memory.json' with { type: 'json' };
import blender from './servers/blender.json' with { type: 'json' };
import braveSearch from './servers/brave-search.json' with { type: 'json' };
import calculator from './servers/calculator.json' with { type: 'json' };
import chart from './servers/chart.json' with { type: 'json' };
import chroma from './servers/chroma.json' with { type: 'json' };
import chromeDevtools from './servers/chrome-devtools.json' with { type: 'json' };
import circleci from './servers/circleci.json' with { type: 'json' };
import clickhouse from './servers/clickhouse.json' with { type: 'json' };
import cloudflareDocs from './servers/cloudflare-docs.json' with { type: 'json' };
import codeRunner from './servers/code-runner.json' with { type: 'json' };
import commands from './servers/commands.json' with { type: 'json' };
import context7 from './servers/context7.json' with { type: 'json' };
import dbhub from './servers/dbhub.json' with { type: 'json' };
import deepwiki from './servers/deepwiki.json' with { type: 'json' };
import desktopCommander from './servers/desktop-commander.json' with { type: 'json' };
import docker from './servers/docker.json' with { type: 'json' };
import duckdb from './servers/duckdb.json' with { type: 'json' };
import duckduckgo from './servers/duckduckgo.json' with { type: 'json' };
import elevenlabs from './servers/elevenlabs.json' with { type: 'json' };
import eslint from './servers/eslint.json' with { type: 'json' };
import everything from './servers/everything.json' with { type: 'json' };
import exa from './servers/exa.json' with { type: 'json' };
import excel from './servers/excel.json' with { type: 'json' };
import excelPython from './servers/excel-python.json' with { type: 'json' };
import fetch from './servers/fetch.json' with { type: 'json' };
import figma from './servers/figma.json' with { type: 'json' };
import figmaRemote from './servers/figma-remote.json' with { type: 'json' };
import filesystem from './servers/filesystem.json' with { type: 'json' };
import firecrawl from './servers/firecrawl.json' with { type: 'json' };
import git from './servers/git.json' with { type: 'json' };
import gitPlus from './servers/git-plus.json' with { type: 'json' };
import github from './servers/github.json' with { type: 'json' };
import gitlab from './servers/gitlab.json' with { type: 'json' };
import googleCalendar from './servers/google-calendar.json' with { type: 'json' };
import googleMaps from './servers/google-maps.json' with { type: 'json' };
import googleWorkspace from './servers/google-workspace.json' with { type: 'json' };
import grafana from './servers/grafana.json' with { type: 'json' };
import hackerNews from './servers/hacker-news.json' with { type: 'json' };
import homeAssistant from './servers/home-assistant.json' with { type: 'json' };
import huggingface from './servers/huggingface.json' with { type: 'json' };
import jupyter from './servers/jupyter.json' with { type: 'json' };
import kagi from './servers/kagi.json' with { type: 'json' };
import kubernetes from './servers/kubernetes.json' with { type: 'json' };
import linear from './servers/linear.json' with { type: 'json' };
import map from './servers/map.json' with { type: 'json' };
import mapbox from './servers/mapbox.json' with { type: 'json' };
import markitdown from './servers/markitdown.json' with { type: 'json' };
import meilisearch from './servers/meilisearch.json' with { type: 'json' };
import memory from './servers/memory.json' with { type: 'json' };
import memoryBank from './servers/memory-bank.json' with { type: 'json' };
import mermaid from './servers/mermaid.json' with { type: 'json' };
import microsoftLearn from './servers/microsoft-learn.json' with { type: 'json' };
import mobile from './servers/mobile.json' with { type: 'json' };
import mongodb from './servers/mongodb.json' with { type: 'json' };
import mysql from './servers/mysql.json' with { type: 'json' };
import n8n from './servers/n8n.json' with { type: 'json' };
import neo4j from './servers/neo4j.json' with { type: 'json' };
import neon from './servers/neon.json' with { type: 'json' };
import nextDevtools from './servers/next-devtools.json' with { type: 'json' };
import nixos from './servers/nixos.json' with { type: 'json' };
import notion from './servers/notion.json' with { type: 'json' };
import nx from './servers/nx.json' with { type: 'json' };
import obsidian from './servers/obsidian.json' with { type: 'json' };
import openapi from './servers/openapi.json' with { type: 'json' };
import pandoc from './servers/pandoc.json' with { type: 'json' };
import pdf from './servers/pdf.json' with { type: 'json' };
import perplexity from './servers/perplexity.json' with { type: 'json' };
import playwright from './servers/playwright.json' with { type: 'json' };
import postgres from './servers/postgres.json' with { type: 'json' };
import postgresPro from './servers/postgres-pro.json' with { type: 'json' };
import puppeteer from './servers/puppeteer.json' with { type: 'json' };
import qdrant from './servers/qdrant.json' with { type: 'json' };
import redis from './servers/redis.json' with { type: 'json' };
import replicate from './servers/replicate.json' with { type: 'json' };
import repomix from './servers/repomix.json' with { type: 'json' };
import ripgrep from './servers/ripgrep.json' with { type: 'json' };
import sentry from './servers/sentry.json' with { type: 'json' };
import sequentialThinking from './servers/sequential-thinking.json' with { type: 'json' };
import serena from './servers/serena.json' with { type: 'json' };
import shadcn from './servers/shadcn.json' with { type: 'json' };
import shopifyDev from './servers/shopify-dev.json' with { type: 'json' };
import shrimpTaskManager from './servers/shrimp-task-manager.json' with { type: 'json' };
import slack from './servers/slack.json' with { type: 'json' };
import sqlite from './servers/sqlite.json' with { type: 'json' };
import stripe from './servers/stripe.json' with { type: 'json' };
import supabase from './servers/supabase.json' with { type: 'json' };
import svelte from './servers/svelte.json' with { type: 'json' };
import taskMaster from './servers/task-master.json' with { type: 'json' };
import tavily from './servers/tavily.json' with { type: 'json' };
import terraform from './servers/terraform.json' with { type: 'json' };
import textEditor from './servers/text-editor.json' with { type: 'json' };
import time from './servers/time.json' with { type: 'json' };
import timeNode from './servers/time-node.json' with { type: 'json' };
import todoist from './servers/todoist.json' with { type: 'json' };
import vercel from './servers/vercel.json' with { type: 'json' };
import weather from './servers/weather.json' with { type: 'json' };
import webFormats from './servers/web-formats.json' with { type: 'json' };
import wikipedia from './servers/wikipedia.json' with { type: 'json' };
import word from './servers/word.json' with { type: 'json' };
import xcode from './servers/xcode.json' with { type: 'json' };
import yahooFinance from './servers/yahoo-finance.json' with { type: 'json' };
import youtubeTranscript from './servers/youtube-transcript.json' with { type: 'json' };

/** The catalogue, sorted by name. A test holds each of them against the schema. */
export const ALL: readonly Manifest[] = [
  airbnb,
  airtable,
  angular,
  apify,
  arxiv,
  atlassian,
  atlassianRemote,
  awsDocumentation,
  azure,
  basicMemory,
  blender,
  braveSearch,
  calculator,
  chart,
  chroma,
  chromeDevtools,
  circleci,
  clickhouse,
  cloudflareDocs,
  codeRunner,
  commands,
  context7,
  dbhub,
  deepwiki,
  desktopCommander,
  docker,
  duckdb,
  duckduckgo,
  elevenlabs,
  eslint,
  everything,
  exa,
  excel,
  excelPython,
  fetch,
  figma,
  figmaRemote,
  filesystem,
  firecrawl,
  git,
  gitPlus,
  github,
  gitlab,
  googleCalendar,
  googleMaps,
  googleWorkspace,
  grafana,
  hackerNews,
  homeAssistant,
  huggingface,
  jupyter,
  kagi,
  kubernetes,
  linear,
  map,
  mapbox,
  markitdown,
  meilisearch,
  memory,
  memoryBank,
  mermaid,
  microsoftLearn,
  mobile,
  mongodb,
  mysql,
  n8n,
  neo4j,
  neon,
  nextDevtools,
  nixos,
  notion,
  nx,
  obsidian,
  openapi,
  pandoc,
  pdf,
  perplexity,
  playwright,
  postgres,
  postgresPro,
  puppeteer,
  qdrant,
  redis,
  replicate,
  repomix,
  ripgrep,
  sentry,
  sequentialThinking,
  serena,
  shadcn,
  shopifyDev,
  shrimpTaskManager,
  slack,
  sqlite,
  stripe,
  supabase,
  svelte,
  taskMaster,
  tavily,
  terraform,
  textEditor,
  time,
  timeNode,
  todoist,
  vercel,
  weather,
  webFormats,
  wikipedia,
  word,
  xcode,
  yahooFinance,
  youtubeTranscript,
] as readonly unknown[] as readonly Manifest[];
