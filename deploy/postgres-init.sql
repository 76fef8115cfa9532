-- Run once, when the volume is new: a database for Dagster's records beside the warehouse.
create database motcua_dagster owner motcua;
